// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// A set of tensors while it is written: death of the process, a disk that fails, and loss of power, at every call to
// the disk. After each, the set is not there or whole.
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <map>
#include <memory>

#include "failure.h"
#include "files_fixture.h"
#include "set_writer.h"

namespace {

using namespace partita::tests;
using partita::files::Disk;

constexpr std::int64_t kShardBytes = 12000;  // two shards of the model and one file of the optimizer

std::chrono::steady_clock::time_point soon() { return std::chrono::steady_clock::now() + std::chrono::minutes(1); }

void write_set(VersionedSet& set, Disk& disk, const std::string& folder) {
  partita::files::SetWriter writer(*set.get(), 1, kShardBytes, disk);
  writer.begin(folder, soon());
  writer.wait(soon());
  writer.commit();
}

// Not there, or whole and of this version; true if it is there.
bool sound(const std::string& folder, float version) {
  VersionedSet read;
  ptc_status status = ptc_set_load(folder.c_str(), read.get());
  CHECK(status == PTC_OK || status == PTC_NOT_FOUND);
  if (status == PTC_OK) CHECK(read.is(version));
  return status == PTC_OK;
}

// ---- death and failure -------------------------------------------------------------------------

enum class Fault { kDieBefore, kDieAfter, kDieHalfway, kNoSpace, kIoError };

// The n-th call goes wrong.
class FaultyDisk : public Disk {
 public:
  FaultyDisk(int call, Fault fault) : left_(call), fault_(fault) {}
  bool reached() const { return left_ < 0; }

  int make_folder(const std::string& path) override {
    return at([&] { return Disk::make_folder(path); });
  }
  int create(const std::string& path) override {
    return at([&] { return Disk::create(path); });
  }
  ssize_t write(int file, const void* bytes, std::size_t count) override {
    if (left_ == 0 && fault_ == Fault::kDieHalfway) {
      (void)!Disk::write(file, bytes, count / 2);
      _exit(77);
    }
    if (left_ == 0 && fault_ == Fault::kNoSpace) Disk::write(file, bytes, count / 2);  // a disk fills up within a write
    return at([&] { return Disk::write(file, bytes, count); });
  }
  int sync(int file) override {
    return at([&] { return Disk::sync(file); });
  }
  int close(int file) override {
    return at([&] { return Disk::close(file); });
  }
  int rename(const std::string& from, const std::string& to) override {
    return at([&] { return Disk::rename(from, to); });
  }
  int sync_folder(const std::string& path) override {
    return at([&] { return Disk::sync_folder(path); });
  }

 private:
  template <typename F>
  decltype(std::declval<F>()()) at(const F& call) {
    if (left_-- != 0) return call();
    switch (fault_) {
      case Fault::kDieAfter: call(); [[fallthrough]];
      case Fault::kDieBefore:
      case Fault::kDieHalfway: _exit(77);
      case Fault::kNoSpace: errno = ENOSPC; return -1;
      default: errno = EIO; return -1;
    }
  }
  int left_;
  const Fault fault_;
};

TEST("a process that dies at any call to the disk leaves the set whole or not there, and the former one as it was") {
  int calls = 0;
  for (Fault fault : {Fault::kDieBefore, Fault::kDieAfter, Fault::kDieHalfway}) {
    Folder folder;
    VersionedSet set;
    set.fill(1);
    write_set(set, Disk::real(), folder / "1");
    set.fill(2);
    bool died = true;
    for (int call = 0; died; call++) {
      std::filesystem::remove_all(folder / "2");
      std::fflush(nullptr);
      pid_t child = fork();
      if (child == 0) {
        FaultyDisk disk(call, fault);
        write_set(set, disk, folder / "2");
        _exit(0);
      }
      int status = 0;
      waitpid(child, &status, 0);
      CHECK(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 77));
      died = WEXITSTATUS(status) == 77;
      bool there = sound(folder / "2", 2);
      CHECK(died || there);
      CHECK(sound(folder / "1", 1));
      if (!there) write_set(set, Disk::real(), folder / "2");  // whoever tries again is not in the way of the rest
      CHECK(sound(folder / "2", 2));
      calls = std::max(calls, call);
    }
  }
  CHECK(calls > 25);
}

TEST("a disk that is full or broken at any call is told, leaves no file of the set, and the next attempt succeeds") {
  for (Fault fault : {Fault::kNoSpace, Fault::kIoError}) {
    Folder folder;
    VersionedSet set;
    set.fill(2);
    bool failed = true;
    for (int call = 0; failed; call++) {
      FaultyDisk disk(call, fault);
      failed = false;
      {
        partita::files::SetWriter writer(*set.get(), 1, kShardBytes, disk);
        writer.begin(folder / "2", soon());
        bool written = false;
        try {
          writer.wait(soon());
          written = true;
          writer.commit();
        } catch (const partita::store::Failure& e) {
          failed = true;
          CHECK(e.status == PTC_STORAGE_FAILURE);
          CHECK(std::strstr(e.what(), folder.path.c_str()) != nullptr);
          CHECK(std::strstr(e.what(), fault == Fault::kNoSpace ? "No space left" : "Input/output error") != nullptr);
        }
        if (failed && !written && std::filesystem::exists(folder / "2")) {
          CHECK(std::filesystem::is_empty(folder / "2"));
        }
        CHECK(failed == disk.reached());
      }
      bool there = sound(folder / "2", 2);
      CHECK(failed || there);
      if (!there) write_set(set, Disk::real(), folder / "2");
      CHECK(sound(folder / "2", 2));
      std::filesystem::remove_all(folder / "2");
    }
  }
}

// Writes little at a time, and is interrupted now and then.
class SlowDisk : public Disk {
 public:
  ssize_t write(int file, const void* bytes, std::size_t count) override {
    if (++calls_ % 3 == 0) {
      errno = EINTR;
      return -1;
    }
    return Disk::write(file, bytes, std::min<std::size_t>(count, 1 + static_cast<std::size_t>(calls_) % 700));
  }

 private:
  int calls_ = 0;
};

TEST("short and interrupted writes make the same files") {
  Folder folder;
  VersionedSet set;
  set.fill(2);
  SlowDisk slow;
  write_set(set, slow, folder / "slow");
  write_set(set, Disk::real(), folder / "quick");
  for (const auto& entry : std::filesystem::directory_iterator(folder / "quick")) {
    std::string name = entry.path().filename().string();
    CHECK(read_file(folder / ("slow/" + name)) == read_file(entry.path().string()));
  }
  CHECK(sound(folder / "slow", 2));
}

// ---- loss of power -----------------------------------------------------------------------------

// What a disk without mercy keeps, as POSIX allows it: bytes of a file for sure once it was synced, a name for sure
// once its folder was. Before that, each may be there or not, on its own, and half of a file's bytes may be zeros.
class PowerlessDisk : public Disk {
 public:
  explicit PowerlessDisk(bool lies) : lies_(lies) {}

  struct State {
    std::map<int, std::pair<std::string, std::string>> files;  // number → bytes now, bytes synced
    std::map<std::string, int> names, synced_names;            // path → number; 0: a folder
  };
  // After each call.
  std::vector<State> states;

  int make_folder(const std::string& path) override {
    now_.names[path] = 0;
    return note(Disk::make_folder(path));
  }
  int create(const std::string& path) override {
    int file = Disk::create(path);
    now_.names[path] = numbers_[file] = ++last_;
    now_.files[last_] = {};
    return note(file);
  }
  ssize_t write(int file, const void* bytes, std::size_t count) override {
    count = std::min<std::size_t>(count, 3000);
    now_.files[numbers_[file]].first.append(static_cast<const char*>(bytes), count);
    return note(Disk::write(file, bytes, count));
  }
  int sync(int file) override {
    auto& content = now_.files[numbers_[file]];
    if (!lies_) content.second = content.first;
    return note(0);
  }
  int rename(const std::string& from, const std::string& to) override {
    now_.names[to] = now_.names[from];
    now_.names.erase(from);
    return note(Disk::rename(from, to));
  }
  int sync_folder(const std::string& path) override {
    auto inside = [&](const std::string& name) { return name.substr(0, name.rfind('/')) == path; };
    for (auto at = now_.synced_names.begin(); at != now_.synced_names.end();) {
      at = inside(at->first) ? now_.synced_names.erase(at) : std::next(at);
    }
    for (const auto& [name, number] : now_.names) {
      if (inside(name)) now_.synced_names[name] = number;
    }
    return note(0);
  }

  // The disk as it may look when the power is back; the choice is the seed's, 0 and 1 are the extremes.
  static void revive(const State& state, unsigned seed, const std::string& from, const std::string& to) {
    std::mt19937 random(seed);
    auto keep = [&] { return seed == 0 ? false : seed == 1 ? true : random() % 2 == 0; };
    std::map<std::string, int> names = state.synced_names;
    for (const auto& [name, number] : state.names) {
      if (keep()) names[name] = number;
    }
    for (const auto& known : state.synced_names) {
      if (state.names.count(known.first) == 0 && keep()) names.erase(known.first);
    }
    std::filesystem::create_directories(to);
    for (const auto& [name, number] : names) {
      if (number == 0) std::filesystem::create_directories(to + name.substr(from.size()));
    }
    for (const auto& [name, number] : names) {
      if (number == 0) continue;
      const auto& [now, synced] = state.files.at(number);
      std::string bytes = keep() ? now : synced;
      if (seed > 1 && bytes.size() > synced.size()) {
        bytes.resize(synced.size() + random() % (bytes.size() - synced.size() + 1));
        if (keep()) std::fill(bytes.begin() + static_cast<std::ptrdiff_t>(synced.size()), bytes.end(), '\0');
      }
      write_file(to + name.substr(from.size()), bytes);  // fails where the folder was lost
    }
  }

 private:
  int note(int result) {
    states.push_back(now_);
    return result;
  }
  ssize_t note(ssize_t result) {
    states.push_back(now_);
    return result;
  }

  const bool lies_;  // about sync
  State now_;
  std::map<int, int> numbers_;
  int last_ = 0;
};

// How often a revived disk had a set that was torn, or, once it was committed, none.
int torn_sets(bool lies) {
  Folder folder;
  VersionedSet set(3500), read(3500);
  set.fill(2);
  PowerlessDisk disk(lies);
  write_set(set, disk, folder / "disk/2");
  CHECK(disk.states.size() > 25);
  int torn = 0;
  for (std::size_t call = 0; call < disk.states.size(); call++) {
    for (unsigned seed = 0; seed < 12; seed++) {
      std::filesystem::remove_all(folder / "revived");
      PowerlessDisk::revive(disk.states[call], seed, folder / "disk", folder / "revived");
      read.fill(0);
      ptc_status status = ptc_set_load((folder / "revived/2").c_str(), read.get());
      bool whole = status == PTC_OK && read.is(2);
      bool absent = status == PTC_NOT_FOUND && call + 1 < disk.states.size();
      if (!whole && !absent) torn++;
      CHECK(status != PTC_OK || whole);  // whatever was lost, nothing loads wrong
    }
  }
  return torn;
}

TEST("power that is lost at any call to the disk leaves the set whole or not there") { CHECK(torn_sets(false) == 0); }

TEST("a disk that lies about fsync is found out by the checksums") { CHECK(torn_sets(true) > 0); }

}  // namespace
