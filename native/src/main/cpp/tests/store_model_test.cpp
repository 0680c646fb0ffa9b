// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Random operations of several processes, each checked against a model that holds what the store must: objects with
// their content, who writes, who pins. One process acts at a time, so every answer is known beforehand.
// PARTITA_STORE_SEED=… repeats one seed, PARTITA_STORE_SEEDS=… runs more than 100.
#include <sys/socket.h>

#include <csignal>
#include <map>
#include <optional>

#include "store_fixture.h"

namespace {

using namespace partita::tests;

constexpr int kProcesses = 3;
constexpr int kIds = 12;
constexpr std::int64_t kArena = 2 * kMiB;

enum Operation : int { kCreate, kSeal, kAbort, kPut, kGet, kRelease, kDelete, kContains, kWait, kList, kOperations };

struct Order {
  int operation;
  int id;              // 1 to kIds
  std::int64_t token;  // writer or pin
  std::uint64_t seed;  // of the content
  std::int64_t bytes;
};

struct Answer {
  int status;
  std::int64_t token;  // of a create or get; else a count or a truth
  std::uint64_t sum;   // of the content got
};

std::uint64_t sum_of(const void* data, std::int64_t bytes) {
  return static_cast<std::uint32_t>(ptc_crc32c(0, data, bytes)) + (static_cast<std::uint64_t>(bytes) << 32);
}

Answer obey(ptc_store* store, const Order& order) {
  Answer answer{};
  std::vector<char> content = content_of(order.seed, static_cast<std::size_t>(order.bytes));
  switch (order.operation) {
    case kCreate: {
      ptc_writing writing{};
      answer.status = ptc_store_create(store, 0, 9, order.id, order.bytes, "m", 1, 0, &writing);
      if (answer.status == PTC_OK) std::memcpy(writing.data, content.data(), content.size());
      answer.token = writing.writer;
      break;
    }
    case kSeal:
      answer.status = ptc_store_seal(store, order.token);
      break;
    case kAbort:
      answer.status = ptc_store_abort(store, order.token);
      break;
    case kPut: {
      std::int64_t high, low;
      answer.status = ptc_store_put(store, 0, 9, order.id, content.data(), order.bytes, "m", 1, 0, &high, &low);
      break;
    }
    case kGet: {
      ptc_stored stored{};
      answer.status = ptc_store_get(store, 9, order.id, 0, &stored);
      answer.token = stored.pin;
      if (answer.status == PTC_OK) answer.sum = sum_of(stored.data, stored.bytes);
      break;
    }
    case kRelease:
      answer.status = ptc_store_release(store, order.token);
      break;
    case kDelete:
      answer.status = ptc_store_delete(store, 9, order.id);
      break;
    case kContains: {
      std::int32_t there = 0;
      answer.status = ptc_store_contains(store, 9, order.id, &there);
      answer.token = there;
      break;
    }
    case kWait: {
      std::int64_t ids[2 * kIds];
      std::int8_t ready[kIds];
      std::int32_t count = 0;
      for (int i = 0; i < kIds; i++) ids[2 * i] = 9, ids[2 * i + 1] = i + 1;
      answer.status = ptc_store_wait(store, ids, kIds, 0, 0, ready, &count);
      answer.token = count;
      break;
    }
    case kList: {
      ptc_store_statistics s{};
      answer.status = ptc_store_stats(store, &s);
      answer.token = s.objects * 10'000 + s.writing_objects * 100 + s.pinned_objects;
      break;
    }
    default:
      answer.status = -1;
  }
  return answer;
}

// What must be so.
class Model {
 public:
  struct Object {
    int id;
    std::uint64_t sum;
    std::int64_t bytes;
    int writer = -1;  // the process that writes it
    std::int64_t writer_token = 0;
    bool deleted = false;
    int pins = 0;
  };
  struct Pin {
    int object;
    std::int64_t token;
  };

  std::map<int, Object> objects;  // by a running number
  std::map<int, int> by_id;       // id -> number
  std::vector<Pin> pins[kProcesses];
  int next = 0;

  Object* find(int id) {
    auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : &objects[found->second];
  }
  int sealed() {
    int count = 0;
    for (auto& [id, number] : by_id) count += objects[number].writer < 0 ? 1 : 0;
    return count;
  }
  std::int64_t census() {
    std::int64_t writing = 0, pinned = 0;
    for (auto& [number, object] : objects) {
      writing += object.writer >= 0 ? 1 : 0;
      pinned += object.pins > 0 ? 1 : 0;
    }
    return static_cast<std::int64_t>(objects.size()) * 10'000 + writing * 100 + pinned;
  }
  std::int64_t unspillable_bytes() {
    std::int64_t bytes = 0;
    for (auto& [number, object] : objects) {
      if (object.writer >= 0 || object.pins > 0) bytes += object.bytes + 128;
    }
    return bytes;
  }
  void drop_if_dead(int number) {
    if (objects[number].deleted && objects[number].pins == 0) objects.erase(number);
  }
};

class Run {
 public:
  Run(unsigned seed, bool spill) : seed_(seed), random_(seed), spill_(spill) {
    for (int p = 0; p < kProcesses; p++) start(p);
  }
  ~Run() {
    for (int p = 0; p < kProcesses; p++) stop(p);
  }

  bool go(int steps) {
    for (int step = 0; step < steps; step++) {
      auto p = static_cast<int>(random_() % kProcesses);
      if (random_() % 40 == 0) {
        if (!replace(p)) return false;
        continue;
      }
      if (!one(p)) {
        std::printf("    seed %u, step %d, process %d: %s\n", seed_, step, p, wrong_.c_str());
        return false;
      }
    }
    return true;
  }

 private:
  void start(int p) {
    int ends[2];
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == 0);
    pids_[p] = in_child([&] {
      for (int other = 0; other < kProcesses; other++) {
        if (sockets_[other] > 0) close(sockets_[other]);
      }
      close(ends[0]);
      OpenStore store(folder_, kArena, spill_);
      Order order;
      Answer ready{store.status, 0, 0};
      if (send(ends[1], &ready, sizeof ready, MSG_NOSIGNAL) != sizeof ready) return 1;
      while (recv(ends[1], &order, sizeof order, 0) == sizeof order) {
        Answer answer = obey(store, order);
        if (send(ends[1], &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer) return 1;
      }
      return 0;
    });
    close(ends[1]);
    sockets_[p] = ends[0];
    Answer ready{};
    CHECK(recv(sockets_[p], &ready, sizeof ready, 0) == sizeof ready && ready.status == PTC_OK);
  }

  void stop(int p) {
    kill(pids_[p], SIGKILL);
    end_of(pids_[p]);
    close(std::exchange(sockets_[p], 0));
  }

  // kill -9, and another in its place. What it wrote and pinned is gone.
  bool replace(int p) {
    stop(p);
    for (Model::Pin pin : model_.pins[p]) {
      model_.objects[pin.object].pins--;
      model_.drop_if_dead(pin.object);
    }
    model_.pins[p].clear();
    for (auto it = model_.objects.begin(); it != model_.objects.end();) {
      if (it->second.writer == p) {
        model_.by_id.erase(it->second.id);
        it = model_.objects.erase(it);
      } else {
        ++it;
      }
    }
    start(p);
    int other = (p + 1) % kProcesses;
    bool clean = within(1000, [&] { return ask(other, {kList, 0, 0, 0, 0}).token == model_.census(); });
    if (!clean) std::printf("    seed %u: process %d was killed and left something behind\n", seed_, p);
    return clean;
  }

  Answer ask(int p, const Order& order) {
    Answer answer{-1, 0, 0};
    if (send(sockets_[p], &order, sizeof order, MSG_NOSIGNAL) != sizeof order) return answer;
    if (recv(sockets_[p], &answer, sizeof answer, 0) != sizeof answer) answer.status = -1;
    return answer;
  }

  bool expect(int status, int wanted, const char* what) {
    if (status == wanted) return true;
    wrong_ = std::string(what) + ": status " + std::to_string(status) + " instead of " + std::to_string(wanted);
    return false;
  }

  bool expect_true(bool holds, const char* what) {
    if (!holds) wrong_ = what;
    return holds;
  }

  bool one(int p) {
    auto operation = static_cast<Operation>(random_() % kOperations);
    auto id = static_cast<int>(random_() % kIds) + 1;
    switch (operation) {
      case kCreate:
      case kPut:
        return write(p, operation, id);
      case kSeal:
      case kAbort:
        return end_writing(p, operation);
      case kGet:
        return get(p, id);
      case kRelease:
        return release(p);
      case kDelete:
        return erase(p, id);
      default:
        return look(p, operation, id);
    }
  }

  bool write(int p, Operation operation, int id) {
    std::int64_t bytes = random_() % 4 == 0 ? static_cast<std::int64_t>(random_() % 600'000) : static_cast<std::int64_t>(random_() % 2000);
    Order order{operation, id, 0, random_(), bytes};
    Answer answer = ask(p, order);
    if (model_.find(id) != nullptr) return expect(answer.status, PTC_CONFLICT, "writing an id that exists");
    if (answer.status == PTC_TIMEOUT) {
      // Full, or in pieces: never while most of the arena could be had.
      std::int64_t held = model_.unspillable_bytes();
      if (!spill_) {
        held = 0;
        for (auto& [number, object] : model_.objects) held += object.bytes + 128;
      }
      return expect_true(held + bytes + 128 > kArena / 3, "no room, though there is");
    }
    if (!expect(answer.status, PTC_OK, "writing")) return false;
    std::vector<char> content = content_of(order.seed, static_cast<std::size_t>(bytes));
    Model::Object object{id, sum_of(content.data(), bytes), bytes};
    if (operation == kCreate) {
      object.writer = p;
      object.writer_token = answer.token;
    }
    model_.by_id[id] = model_.next;
    model_.objects[model_.next++] = object;
    return true;
  }

  bool end_writing(int p, Operation operation) {
    for (auto& [number, object] : model_.objects) {
      if (object.writer < 0) continue;
      Answer answer = ask(p, {operation, 0, object.writer_token, 0, 0});
      if (object.writer != p) return expect(answer.status, PTC_CONFLICT, "another's writer");
      if (!expect(answer.status, PTC_OK, "ending a writer")) return false;
      std::int64_t token = object.writer_token;
      object.writer = -1;
      if (operation == kAbort) {
        model_.by_id.erase(object.id);
        model_.objects.erase(number);
      }
      return expect(ask(p, {kSeal, 0, token, 0, 0}).status, PTC_CONFLICT, "sealing what is sealed or gone");
    }
    return true;
  }

  bool get(int p, int id) {
    Answer answer = ask(p, {kGet, id, 0, 0, 0});
    Model::Object* object = model_.find(id);
    if (object == nullptr) return expect(answer.status, PTC_NOT_FOUND, "getting what is not there");
    if (object->writer >= 0) return expect(answer.status, PTC_TIMEOUT, "getting what is being written");
    if (answer.status == PTC_TIMEOUT && spill_) {
      return expect_true(model_.unspillable_bytes() + object->bytes > kArena / 3, "no room to restore, though there is");
    }
    if (!expect(answer.status, PTC_OK, "getting")) return false;
    object->pins++;
    model_.pins[p].push_back({model_.by_id[id], answer.token});
    return expect_true(answer.sum == object->sum, "the content is another");
  }

  bool release(int p) {
    auto& pins = model_.pins[p];
    if (pins.empty()) return expect(ask(p, {kRelease, 0, static_cast<std::int64_t>(random_()), 0, 0}).status, PTC_INVALID_ARGUMENT, "a forged pin");
    std::size_t which = random_() % pins.size();
    Model::Pin pin = pins[which];
    pins.erase(pins.begin() + static_cast<std::ptrdiff_t>(which));
    if (!expect(ask(p, {kRelease, 0, pin.token, 0, 0}).status, PTC_OK, "releasing")) return false;
    model_.objects[pin.object].pins--;
    model_.drop_if_dead(pin.object);
    return expect(ask(p, {kRelease, 0, pin.token, 0, 0}).status, PTC_INVALID_ARGUMENT, "releasing twice");
  }

  bool erase(int p, int id) {
    Answer answer = ask(p, {kDelete, id, 0, 0, 0});
    Model::Object* object = model_.find(id);
    if (object == nullptr) return expect(answer.status, PTC_NOT_FOUND, "deleting what is not there");
    if (object->writer >= 0) return expect(answer.status, PTC_CONFLICT, "deleting what is being written");
    int number = model_.by_id[id];
    object->deleted = true;
    model_.by_id.erase(id);
    model_.drop_if_dead(number);
    return expect(answer.status, PTC_OK, "deleting");
  }

  bool look(int p, Operation operation, int id) {
    Answer answer = ask(p, {operation, id, 0, 0, 0});
    if (!expect(answer.status, PTC_OK, "looking")) return false;
    Model::Object* object = model_.find(id);
    if (operation == kContains) return expect_true((answer.token == 1) == (object != nullptr && object->writer < 0), "contains");
    if (operation == kWait) return expect_true(answer.token == model_.sealed(), "how many are sealed");
    return expect_true(answer.token == model_.census(), "objects, written and pinned ones");
  }

  unsigned seed_;
  std::mt19937_64 random_;
  bool spill_;
  Folder folder_;
  Model model_;
  pid_t pids_[kProcesses] = {};
  int sockets_[kProcesses] = {};
  std::string wrong_;
};

TEST("several processes see what a simple model says they must, for every seed") {
  const char* one = std::getenv("PARTITA_STORE_SEED");
  const char* many = std::getenv("PARTITA_STORE_SEEDS");
  unsigned first = one != nullptr ? static_cast<unsigned>(std::atoi(one)) : 1;
  unsigned count = one != nullptr ? 1 : many != nullptr ? static_cast<unsigned>(std::atoi(many)) : 100;
  for (unsigned seed = first; seed < first + count; seed++) {
    if (!Run(seed, seed % 2 == 0).go(150)) return fail(__FILE__, __LINE__, "seed " + std::to_string(seed));
  }
  std::printf("  model: %u seeds of 150 steps from %u on\n", count, first);
}

}  // namespace
