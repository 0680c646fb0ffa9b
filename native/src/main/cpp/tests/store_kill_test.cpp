// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// kill -9 at random instants, of clients and of the broker. Three members put, get, seal, spill and delete in an
// arena that is too small for them; one after the other is killed, also while it joins, and replaced. Then all but one
// are killed and a newcomer looks: no pin, no unsealed object, no byte left over, nothing torn, nothing lost.
// PARTITA_STORE_KILLS=1000 for the long run; PARTITA_STORE_SEED to repeat one.
#include <sys/mman.h>

#include <csignal>

#include "store_fixture.h"

namespace {

using namespace partita::tests;

constexpr int kMembers = 3;
constexpr int kIds = 64;  // of each member, which alone creates and deletes them

enum Fate : std::uint8_t { kAbsent, kSealing, kSealed, kDeleting };

struct Shared {
  std::atomic<int> joined[kMembers];
  std::atomic<std::uint8_t> fate[kMembers][kIds];
  std::atomic<int> failures;
  std::atomic<std::int64_t> operations;
  char message[512];

  void fail(const std::string& what) {
    if (failures++ == 0) std::snprintf(message, sizeof message, "%s", what.c_str());
  }
};

ObjectId id_of(int member, int k) { return {member + 1, k + 1}; }

std::vector<char> content_of_id(int member, int k) {
  auto seed = static_cast<std::uint64_t>(member * 1000 + k);
  return content_of(seed, k % 4 == 0 ? 100 : 1 + static_cast<std::size_t>(k) * 397);
}

// Killed before it ends.
class Member {
 public:
  Member(Shared& shared, const Folder& folder, int self, unsigned seed)
      : shared_(shared), store_(folder, 2 * kMiB, true), self_(self), random_(seed) {}

  void run() {
    shared_.joined[self_] = 1;
    for (int k = 0; k < kIds; k++) {
      // What the one before me was at when it was killed.
      std::uint8_t fate = shared_.fate[self_][k];
      if (fate == kSealing || fate == kDeleting) shared_.fate[self_][k] = contains(k) ? kSealed : kAbsent;
    }
    while (true) {
      auto k = static_cast<int>(random_() % kIds);
      switch (random_() % 4) {
        case 0:
          if (shared_.fate[self_][k] == kAbsent) write(k);
          break;
        case 1:
          if (shared_.fate[self_][k] == kSealed) erase(k);
          break;
        default:
          read(static_cast<int>(random_() % kMembers), k);
      }
      shared_.operations++;
    }
  }

 private:
  bool contains(int k) {
    std::int32_t there = 0;
    ObjectId id = id_of(self_, k);
    ptc_store_contains(store_, id.high, id.low, &there);
    return there != 0;
  }

  void write(int k) {
    std::vector<char> content = content_of_id(self_, k);
    ObjectId id = id_of(self_, k);
    ptc_writing writing;
    ptc_status status = ptc_store_create(store_, 0, id.high, id.low, static_cast<std::int64_t>(content.size()), nullptr, 0,
                                         100, &writing);
    if (status != PTC_OK) return;  // full, or what my predecessor left is not cleaned up yet
    std::size_t half = content.size() / 2;
    std::memcpy(writing.data, content.data(), half);
    if (random_() % 8 == 0) {
      if (ptc_store_abort(store_, writing.writer) != PTC_OK) shared_.fail(std::string("abort: ") + ptc_last_error());
      return;
    }
    std::memcpy(static_cast<char*>(writing.data) + half, content.data() + half, content.size() - half);
    shared_.fate[self_][k] = kSealing;
    if (ptc_store_seal(store_, writing.writer) != PTC_OK) shared_.fail(std::string("seal: ") + ptc_last_error());
    shared_.fate[self_][k] = kSealed;
  }

  void erase(int k) {
    ObjectId id = id_of(self_, k);
    shared_.fate[self_][k] = kDeleting;
    if (ptc_store_delete(store_, id.high, id.low) != PTC_OK) shared_.fail(std::string("delete: ") + ptc_last_error());
    shared_.fate[self_][k] = kAbsent;
  }

  void read(int member, int k) {
    ObjectId id = id_of(member, k);
    ptc_stored stored;
    ptc_status status = ptc_store_get(store_, id.high, id.low, random_() % 32 == 0 ? 2 : 0, &stored);
    if (status == PTC_OK) {
      std::vector<char> content = content_of_id(member, k);
      if (stored.bytes != static_cast<std::int64_t>(content.size()) ||
          std::memcmp(stored.data, content.data(), content.size()) != 0) {
        shared_.fail("a torn object was visible");
      }
      pins_.push_back(stored.pin);
    } else if (status != PTC_NOT_FOUND && status != PTC_TIMEOUT) {
      shared_.fail(std::string("get: ") + ptc_last_error());
    }
    while (pins_.size() > random_() % 4) {
      if (ptc_store_release(store_, pins_.back()) != PTC_OK) shared_.fail(std::string("release: ") + ptc_last_error());
      pins_.pop_back();
    }
  }

  Shared& shared_;
  OpenStore store_;
  int self_;
  std::mt19937 random_;
  std::vector<std::int64_t> pins_;
};

// Alone with one member that does nothing.
int look(Shared& shared, const Folder& folder) {
  OpenStore store(folder, 2 * kMiB, true);
  bool quiet = within(1000, [&] {
    ptc_store_statistics s = store.stats();
    return s.clients == 2 && s.pinned_objects == 0 && s.writing_objects == 0;
  });
  ptc_store_statistics s = store.stats();
  if (!quiet) {
    shared.fail("after a second: " + std::to_string(s.clients) + " clients, " + std::to_string(s.pinned_objects) +
                " pinned, " + std::to_string(s.writing_objects) + " being written");
  }
  std::int64_t present = 0;
  for (int member = 0; member < kMembers; member++) {
    for (int k = 0; k < kIds; k++) {
      ObjectId id = id_of(member, k);
      std::int32_t there = 0;
      ptc_store_contains(store, id.high, id.low, &there);
      std::uint8_t fate = shared.fate[member][k];
      std::string name = "object " + std::to_string(member) + "/" + std::to_string(k);
      if (fate == kSealed && there == 0) shared.fail(name + " was sealed and is lost");
      if (fate == kAbsent && there != 0) shared.fail(name + " is there and should not be");
      if (there != 0 && !holds(store, id, content_of_id(member, k), 1000)) {
        shared.fail(name + " is not readable: " + ptc_last_error());
      }
      present += there;
    }
  }
  s = store.stats();
  if (s.objects != present) shared.fail(std::to_string(s.objects) + " objects, of which " + std::to_string(present) + " known");
  return 0;
}

int look_empty(Shared& shared, const Folder& folder) {
  OpenStore store(folder, 2 * kMiB, true);
  for (int member = 0; member < kMembers; member++) {
    for (int k = 0; k < kIds; k++) {
      ObjectId id = id_of(member, k);
      ptc_store_delete(store, id.high, id.low);
    }
  }
  ptc_store_statistics s = store.stats();
  if (s.objects != 0 || s.used_bytes != 0) shared.fail("bytes are left over: " + std::to_string(s.used_bytes));
  if (!within(1000, [&] { return std::filesystem::is_empty(folder.spill()); })) shared.fail("spill files are left over");
  ptc_writing whole;
  if (ptc_store_create(store, 0, 0, 0, 2 * kMiB, nullptr, 0, 0, &whole) != PTC_OK) shared.fail("the arena is in pieces");
  if (s.recoveries > 0) std::printf("  (%lld deaths inside the lock)\n", static_cast<long long>(s.recoveries));
  std::fflush(stdout);
  return 0;
}

class Massacre {
 public:
  Massacre(Shared& shared, unsigned seed) : shared_(shared), random_(seed) {
    for (int m = 0; m < kMembers; m++) start(m);
  }
  ~Massacre() {
    for (int m = 0; m < kMembers; m++) stop(m);
  }

  void kill_one() {
    pause_up_to_micros(3000);
    auto m = static_cast<int>(random_() % kMembers);
    stop(m);
    if (random_() % 4 == 0) {
      launch(m);  // and killed while it joins
      pause_up_to_micros(2000);
      stop(m);
    }
    start(m);
  }

  void check() {
    leave_an_idle_one();
    CHECK(end_of(in_child([&] { return look(shared_, folder_); })) == 0);
    for (int m = 1; m < kMembers; m++) start(m);
    stop(0);
    start(0);
  }

  void check_empty() {
    leave_an_idle_one();
    CHECK(end_of(in_child([&] { return look_empty(shared_, folder_); })) == 0);
  }

  int kills = 0;

 private:
  void pause_up_to_micros(unsigned most) { usleep(random_() % most); }

  void launch(int m) {
    shared_.joined[m] = 0;
    unsigned seed = random_();
    pids_[m] = in_child([&] {
      Member(shared_, folder_, m, seed).run();
      return 0;
    });
  }

  void start(int m) {
    launch(m);
    if (!within(10'000, [&] { return shared_.joined[m] != 0; })) shared_.fail("a member did not join");
  }

  // Kills all, the last when another member has joined that holds nothing and does nothing.
  void leave_an_idle_one() {
    for (int m = 1; m < kMembers; m++) stop(m);
    shared_.joined[0] = 0;
    pid_t idle = in_child([&] {
      OpenStore store(folder_, 2 * kMiB, true);
      shared_.joined[0] = 1;
      pause();
      return 0;
    });
    if (!within(10'000, [&] { return shared_.joined[0] != 0; })) shared_.fail("a member did not join");
    stop(0);
    pids_[0] = idle;
  }

  void stop(int m) {
    if (pids_[m] <= 0) return;
    kill(pids_[m], SIGKILL);
    int end = end_of(pids_[m]);
    if (end != 1000 + SIGKILL) shared_.fail("a member ended by itself: " + std::to_string(end));
    pids_[m] = 0;
    kills++;
  }

  Shared& shared_;
  std::mt19937 random_;
  Folder folder_;
  pid_t pids_[kMembers] = {};
};

TEST("kill -9 of any member at any instant leaks nothing, tears nothing, loses nothing") {
  if (skipped_under_thread_sanitizer()) return;
  const char* wanted = std::getenv("PARTITA_STORE_KILLS");
  const char* fixed_seed = std::getenv("PARTITA_STORE_SEED");
  int kills = wanted != nullptr ? std::atoi(wanted) : 60;
  unsigned seed = fixed_seed != nullptr ? static_cast<unsigned>(std::atoi(fixed_seed)) : std::random_device{}();
  void* memory = mmap(nullptr, sizeof(Shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto& shared = *static_cast<Shared*>(memory);
  {
    Massacre massacre(shared, seed);
    while (massacre.kills < kills && shared.failures == 0) {
      for (int i = 0; i < 10; i++) massacre.kill_one();
      massacre.check();
    }
    massacre.check_empty();
    std::printf("  %d kills (seed %u) among %lld operations\n", massacre.kills, seed,
                static_cast<long long>(shared.operations.load()));
  }
  if (shared.failures > 0) fail(__FILE__, __LINE__, shared.message);
  munmap(memory, sizeof(Shared));
}

}  // namespace
