// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The object store against the machine's raw limits: one JSON line a figure, as it/README.md describes them.
//   store_bench [folder of the spill files [memory | spilling]]
// Figures without a suffix cross a process boundary: a client works in an arena that another process brokers, on objects
// that process made. Those ending in _inpod are one process's.
#include <fcntl.h>
#include <sys/wait.h>
#include <csignal>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "partita_store.h"

namespace {

constexpr std::int64_t kMiB = std::int64_t{1} << 20;
constexpr std::int64_t kLarge = 100 * kMiB;
std::string folder;

void check(ptc_status status) {
  if (status == PTC_OK) return;
  std::fprintf(stderr, "store_bench: %s\n", ptc_last_error());
  std::_Exit(1);
}

double seconds(const std::function<void()>& body) {
  auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

// `count` things a run; the figure is things per second, or seconds x `scale` where scale is not 0.
void figure(const char* name, const char* unit, double count, double scale, const std::vector<double>& runs,
            double limit_seconds, const char* limit_is) {
  auto value = [&](double s) { return scale == 0 ? count / s : s * scale; };
  std::vector<double> values;
  for (double s : runs) values.push_back(value(s));
  std::sort(values.begin(), values.end());
  double load[1] = {0};
  getloadavg(load, 1);
  std::printf("{\"peer\":\"partita\",\"workload\":\"core\",\"figure\":\"%s\",\"unit\":\"%s\",\"median\":%.4g,\"min\":%.4g,"
              "\"max\":%.4g,\"runs\":%zu,",
              name, unit, values[values.size() / 2], values.front(), values.back(), values.size());
  if (limit_seconds > 0) {
    std::printf("\"limit\":%.4g,\"limit_is\":\"%s\",", value(limit_seconds), limit_is);
  } else {
    std::printf("\"limit\":null,");
  }
  std::printf("\"load1\":%.1f}\n", load[0]);
  std::fflush(stdout);
}

std::vector<double> runs_of(int runs, const std::function<void()>& body) {
  body();
  std::vector<double> all;
  for (int i = 0; i < runs; i++) all.push_back(seconds(body));
  return all;
}

double best(const std::vector<double>& runs) { return *std::min_element(runs.begin(), runs.end()); }

struct OpenStore {
  OpenStore(std::int64_t bytes, bool spill) {
    check(ptc_store_open((folder + "/store").c_str(), bytes, spill ? (folder + "/spill").c_str() : nullptr, 0, 10'000, &store));
  }
  ~OpenStore() { ptc_store_close(store); }
  operator ptc_store*() const { return store; }
  ptc_store* store = nullptr;
};

void in_child(const std::function<void()>& body) {
  std::fflush(stdout);
  pid_t pid = fork();
  if (pid == 0) {
    body();
    std::fflush(stdout);
    std::_Exit(0);
  }
  int status = 0;
  waitpid(pid, &status, 0);
  if (status != 0) std::_Exit(1);
}

void put_and_delete(ptc_store* store, int count, const void* data, std::int64_t bytes) {
  std::vector<std::int64_t> ids(static_cast<std::size_t>(count) * 2);
  for (int i = 0; i < count; i++) check(ptc_store_put(store, 0, 0, 0, data, bytes, nullptr, 0, 1000, &ids[2 * i], &ids[2 * i + 1]));
  for (int i = 0; i < count; i++) check(ptc_store_delete(store, ids[2 * i], ids[2 * i + 1]));
}

std::int64_t sum = 0;

void get_and_release(ptc_store* store, int count, std::int64_t low) {
  for (int i = 0; i < count; i++) {
    ptc_stored stored;
    check(ptc_store_get(store, 1, low, 0, &stored));
    sum += *static_cast<const char*>(stored.data);
    check(ptc_store_release(store, stored.pin));
  }
}

void small(ptc_store* store, const char* suffix) {
  std::int64_t zero = 0;
  constexpr int kCount = 20'000;
  std::vector<char> plain(kCount * 64);
  double copies = best(runs_of(3, [&] {
    for (int i = 0; i < kCount; i++) {
      void* one = std::malloc(64);
      std::memcpy(one, &zero, sizeof zero);
      plain[static_cast<std::size_t>(i)] = *static_cast<volatile char*>(one);
      std::free(one);
    }
  }));
  figure((std::string("put_small") + suffix).c_str(), "1/s", kCount, 0,
         runs_of(5, [&] { put_and_delete(store, kCount, &zero, sizeof zero); }), copies,
         "malloc, 8 bytes copied and free in the same process");
  figure((std::string("get_small") + suffix).c_str(), "1/s", kCount, 0,
         runs_of(5, [&] { get_and_release(store, kCount, 1); }), 0, "");
}

void large(ptc_store* store, const char* suffix) {
  std::vector<char> source(static_cast<std::size_t>(kLarge), 1), target(static_cast<std::size_t>(10 * kLarge), 2);
  double copies = best(runs_of(5, [&] {
    for (std::size_t i = 0; i < 10; i++) std::memcpy(target.data() + i * source.size(), source.data(), source.size());
  }));
  std::vector<char>().swap(target);
  figure((std::string("put_large_10x100MB") + suffix).c_str(), "GB/s", 10.0 * kLarge / 1e9, 0,
         runs_of(7, [&] { put_and_delete(store, 10, source.data(), kLarge); }), copies,
         "memcpy to warm private memory of 10 x 100 MiB, one thread, best of 5");
}

void get_many(ptc_store* store, const char* suffix) {
  std::vector<std::int64_t> pins(10'000);
  figure((std::string("get_10000") + suffix).c_str(), "ms", 1, 1e3, runs_of(5, [&] {
           for (std::size_t i = 0; i < pins.size(); i++) {
             ptc_stored stored;
             check(ptc_store_get(store, 1, static_cast<std::int64_t>(i) + 1, 0, &stored));
             sum += *static_cast<const char*>(stored.data);
             pins[i] = stored.pin;
           }
           for (std::int64_t pin : pins) check(ptc_store_release(store, pin));
         }), 0, "");
}

// One object handed over and one back, each side asleep until the other's is sealed.
void handover(ptc_store* store, bool first) {
  constexpr int kCount = 2000;
  char byte = 1;
  std::int64_t high, low;
  auto run = [&](int from) {
    for (int i = from; i < from + kCount; i++) {
      ptc_stored stored;
      if (first) check(ptc_store_put(store, 0, 2, 2 * i + 1, &byte, 1, nullptr, 0, 1000, &high, &low));
      check(ptc_store_get(store, 2, 2 * i + (first ? 2 : 1), 10'000, &stored));
      check(ptc_store_release(store, stored.pin));
      if (!first) check(ptc_store_put(store, 0, 2, 2 * i + 2, &byte, 1, nullptr, 0, 1000, &high, &low));
    }
  };
  std::vector<double> runs;
  for (int r = 0; r < 4; r++) runs.push_back(seconds([&] { run(r * kCount); }));
  runs.erase(runs.begin());
  if (first) figure("handover_and_back", "us", 1, 1e6 / kCount, runs, 0, "");
}

void raw_write(const std::string& path, const std::vector<char>& data, std::int64_t files) {
  for (std::int64_t f = 0; f < files; f++) {
    int fd = open((path + "/raw." + std::to_string(f)).c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    for (std::size_t at = 0; at < data.size(); at += 256 << 10) {
      if (write(fd, data.data() + at, 256 << 10) != 256 << 10) std::_Exit(1);
    }
    close(fd);
  }
}

// Past the page cache, a file a call; how long each took goes to `each`.
void raw_write_direct(const std::string& path, const char* data, std::size_t bytes, std::int64_t files,
                      std::vector<double>& each) {
  for (std::int64_t f = 0; f < files; f++) {
    auto start = std::chrono::steady_clock::now();
    int fd = open((path + "/raw." + std::to_string(f)).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_DIRECT, 0600);
    if (fallocate(fd, 0, 0, static_cast<off_t>(bytes)) != 0) std::_Exit(1);
    if (write(fd, data, bytes) != static_cast<ssize_t>(bytes)) std::_Exit(1);
    close(fd);
    each.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
}

void raw_read(const std::string& path, std::vector<char>& data, std::int64_t files) {
  for (std::int64_t f = 0; f < files; f++) {
    int fd = open((path + "/raw." + std::to_string(f)).c_str(), O_RDONLY);
    for (std::size_t at = 0; at < data.size(); at += 256 << 10) {
      if (read(fd, data.data() + at, 256 << 10) != 256 << 10) std::_Exit(1);
    }
    close(fd);
  }
}

void sync_disk(const std::string& path) {
  int fd = open(path.c_str(), O_RDONLY);
  syncfs(fd);
  close(fd);
}

// What is on the disk is read from there again.
void drop_from_page_cache(const std::string& path) {
  sync_disk(path);
  for (const auto& entry : std::filesystem::directory_iterator(path)) {
    int fd = open(entry.path().c_str(), O_RDONLY);
    posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED);
    close(fd);
  }
}

// Three times the arena goes in, and comes back. With what the disk takes and gives: everything is on it when the clock
// stops, and nothing in the page cache when it starts.
void spilling() {
  constexpr std::int64_t kObject = 16 * kMiB, kArena = 256 * kMiB, kCount = 3 * kArena / kObject;
  constexpr std::int64_t kSpilled = kCount - kArena / kObject;
  std::string raw = folder + "/raw", spill = folder + "/spill";
  std::filesystem::create_directory(raw);
  std::vector<char> data(static_cast<std::size_t>(kObject), 3);
  std::vector<double> writes, reads, puts, raw_writes, raw_reads, raw_files;
  for (int run = 0; run < 4; run++) {
    OpenStore store(kArena, true);
    std::int64_t high, low;
    auto put = [&](std::int64_t i) {
      puts.push_back(seconds([&] { check(ptc_store_put(store, 0, 3, i + 1, data.data(), kObject, nullptr, 0, 60'000, &high, &low)); }));
    };
    auto get = [&](std::int64_t i) {
      ptc_stored stored;
      check(ptc_store_get(store, 3, i + 1, 60'000, &stored));
      check(ptc_store_release(store, stored.pin));
    };
    for (std::int64_t i = 0; i < kArena / kObject; i++) put(i);
    sync_disk(folder);
    double cached = seconds([&] { raw_write(raw, data, kSpilled), sync_disk(folder); });
    char* page = static_cast<char*>(std::aligned_alloc(4096, data.size()));
    std::memcpy(page, data.data(), data.size());
    double direct = seconds([&] { raw_write_direct(raw, page, data.size(), kSpilled, raw_files), sync_disk(folder); });
    std::free(page);
    raw_writes.push_back(std::min(cached, direct));
    if (run == 0) puts.clear();
    writes.push_back(seconds([&] {
      for (std::int64_t i = kArena / kObject; i < kCount; i++) put(i);
      sync_disk(folder);
    }));
    // Now those in the arena go to the disk too, and from then on room costs nothing.
    for (std::int64_t i = 0; i < kCount; i++) get(i);
    drop_from_page_cache(raw);
    raw_reads.push_back(seconds([&] { raw_read(raw, data, kSpilled); }));
    drop_from_page_cache(spill);
    reads.push_back(seconds([&] {
      for (std::int64_t i = 0; i < kSpilled; i++) get(i);
    }));
    for (std::int64_t i = 0; i < kCount; i++) check(ptc_store_delete(store, 3, i + 1));
    std::filesystem::remove_all(raw);
    std::filesystem::create_directory(raw);
  }
  double gb = static_cast<double>(kSpilled * kObject) / 1e9;
  auto median = [](std::vector<double> all) {
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
  };
  figure("spill_put", "GB/s", gb, 0, writes, median(raw_writes), "write() of the same bytes to new files there and syncfs, or O_DIRECT a file a call, the faster; median");
  figure("restore", "GB/s", gb, 0, reads, median(raw_reads), "read() of the same bytes from files there, not cached, median");
  std::sort(puts.begin(), puts.end());
  figure("spill_put_16MB_p99", "ms", 1, 1e3, {puts[puts.size() * 99 / 100]}, median(raw_writes) / kSpilled,
         "16 MiB divided by the disk's rate above");
  // What the disk and the machine's other work do to a plain write: the put's tail cannot be shorter.
  std::sort(raw_files.begin(), raw_files.end());
  figure("disk_write_16MB_p99", "ms", 1, 1e3, {raw_files[raw_files.size() * 99 / 100]}, median(raw_writes) / kSpilled,
         "16 MiB divided by the disk's rate above");
}

// Resident bytes of the control segment.
double control_resident() {
  std::ifstream maps("/proc/self/smaps");
  std::string line;
  double kib = 0;
  bool ours = false;
  while (std::getline(maps, line)) {
    if (line.find("partita-store-control") != std::string::npos) ours = true;
    if (ours && line.rfind("Rss:", 0) == 0) {
      kib += std::atof(line.c_str() + 4);
      ours = false;
    }
  }
  return kib * 1024;
}

void overhead() {
  OpenStore store(512 * kMiB, false);
  double before = control_resident();
  std::int64_t high, low, count = 500'000;
  char payload[64] = {};
  for (std::int64_t i = 0; i < count; i++) check(ptc_store_put(store, 0, 0, 0, payload, 64, nullptr, 0, 0, &high, &low));
  double bytes = (control_resident() - before) / static_cast<double>(count);
  figure("object_overhead_64_byte_payload_inpod", "bytes", 1, 1, {bytes}, 0, "");
}

void memory() {
  {
    // The parent brokers and owns the objects; each child is a client.
    int go[2];
    if (pipe(go) != 0) std::_Exit(1);
    std::fflush(stdout);
    pid_t broker = fork();
    if (broker == 0) {
      OpenStore store(2048 * kMiB, false);
      std::int64_t high, low, zero = 0;
      for (std::int64_t i = 1; i <= 10'000; i++) check(ptc_store_put(store, 0, 1, i, &zero, 8, nullptr, 0, 0, &high, &low));
      usleep(2'000'000);  // the prefault
      if (write(go[1], "x", 1) != 1) std::_Exit(1);
      handover(store, false);
      pause();
    }
    char byte;
    if (read(go[0], &byte, 1) != 1) std::_Exit(1);
    in_child([] {
      OpenStore store(2048 * kMiB, false);
      usleep(1'000'000);
      handover(store, true);
      small(store, "");
      get_many(store, "");
      large(store, "");
    });
    kill(broker, SIGKILL);
    waitpid(broker, nullptr, 0);
  }
  in_child([] {
    OpenStore store(2048 * kMiB, false);
    std::int64_t high, low, zero = 0;
    for (std::int64_t i = 1; i <= 10'000; i++) check(ptc_store_put(store, 0, 1, i, &zero, 8, nullptr, 0, 0, &high, &low));
    usleep(2'000'000);
    small(store, "_inpod");
    get_many(store, "_inpod");
    large(store, "_inpod");
  });
  in_child(overhead);
}

}  // namespace

int main(int count, char** arguments) {
  std::string base = count > 1 ? arguments[1] : "/tmp";
  std::string name = base + "/store-bench-XXXXXX";
  if (mkdtemp(name.data()) == nullptr) return 1;
  folder = name;
  std::string part = count > 2 ? arguments[2] : "";
  if (part != "spilling") memory();
  if (part != "memory") in_child(spilling);
  std::filesystem::remove_all(folder);
  return sum == 42 ? 2 : 0;
}
