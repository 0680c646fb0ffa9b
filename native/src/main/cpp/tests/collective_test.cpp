// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>

#include "group.h"
#include "tensors.h"

namespace {

using namespace partita;
using namespace partita::tests;

constexpr std::int32_t kPatience = 20000;  // milliseconds; reached only if something is wrong

// Memory for one group, shared with children.
class Group {
 public:
  explicit Group(int ranks, std::int64_t slot_bytes = 4096)
      : ranks_(ranks), bytes_(ptc_group_bytes(ranks, slot_bytes)) {
    memory_ = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(memory_ != MAP_FAILED);
    CHECK_OK(ptc_group_create(memory_, bytes_, ranks, slot_bytes));
  }
  ~Group() { munmap(memory_, bytes_); }
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  ptc_status join(int rank, ptc_rank** out, std::int32_t timeout = kPatience) {
    return ptc_rank_join(memory_, bytes_, rank, timeout, out);
  }

  // body(rank) in a thread for each rank; as one process, or as if each were one.
  template <typename F>
  void in_threads(bool together, const F& body) {
    std::vector<std::thread> threads;
    for (int r = 0; r < ranks_; r++) {
      threads.emplace_back([&, r] {
        ptc_rank* rank = nullptr;
        CHECK_OK(join(r, &rank));
        if (rank == nullptr) return;
        CHECK(rank->together());
        if (!together) rank->keep_apart();
        body(rank);
        ptc_rank_destroy(rank);
      });
    }
    for (auto& thread : threads) thread.join();
  }

 private:
  int ranks_;
  std::int64_t bytes_;
  void* memory_;
};

// Eight shards of gradients, dealt to ranks as evenly as it goes.
struct Shards {
  std::int32_t dtype;
  std::vector<Stored> shard;
  explicit Shards(std::int32_t type, std::size_t count) : dtype(type) {
    for (unsigned s = 0; s < 8; s++) shard.emplace_back(type, random_floats(count, 30 + s));
  }
  static int first(int rank, int ranks) { return 8 * rank / ranks; }
  std::vector<const void*> of(int rank, int ranks) const {
    std::vector<const void*> mine;
    for (int s = first(rank, ranks); s < first(rank + 1, ranks); s++) mine.push_back(shard[s].data());
    return mine;
  }
  // The tree, in float32.
  Stored sum(float factor) const {
    Stored out(dtype, shard[0].size());
    auto x = [&](int s, std::size_t i) { return shard[s][i]; };
    for (std::size_t i = 0; i < out.size(); i++) {
      out.set(i,
              (((x(0, i) + x(1, i)) + (x(2, i) + x(3, i))) + ((x(4, i) + x(5, i)) + (x(6, i) + x(7, i)))) * factor);
    }
    return out;
  }
};

TEST("all-reduce and reduce-scatter are the fixed tree for 1 to 8 ranks, within a process and through slots") {
  for (std::int32_t dtype : {PTC_FLOAT32, PTC_BFLOAT16}) {
    for (std::int64_t count : {0, 1, 37, 5001}) {
      Shards shards(dtype, count);
      Stored expected = shards.sum(0.125f);
      for (int ranks = 1; ranks <= 8; ranks++) {
        for (bool together : {true, false}) {
          Group group(ranks);
          group.in_threads(together, [&](ptc_rank* rank) {
            const int r = rank->number();
            auto mine = shards.of(r, ranks);
            for (int again = 0; again < 3; again++) {
              Stored out(dtype, count);
              CHECK_OK(ptc_all_reduce(rank, dtype, mine.data(), Shards::first(r, ranks),
                                      static_cast<int>(mine.size()), count, 0.125f, out.data(), kPatience));
              CHECK(out.same_as(expected));
              std::int64_t begin = count * r / ranks, end = count * (r + 1) / ranks;
              Stored part(dtype, end - begin);
              CHECK_OK(ptc_reduce_scatter(rank, dtype, mine.data(), Shards::first(r, ranks),
                                          static_cast<int>(mine.size()), count, 0.125f, part.data(), kPatience));
              for (std::int64_t i = begin; i < end; i++) CHECK(part[i - begin] == expected[i]);
            }
          });
        }
      }
    }
  }
}

TEST("all-reduce works in place, with shards left out, and is the same with and without AVX2") {
  constexpr std::int64_t kCount = 70001;
  Stored first(PTC_FLOAT32, kCount);
  bool ran = false;
  on_every_cpu([&] {
    for (bool together : {true, false}) {
      Shards shards(PTC_FLOAT32, kCount);
      Group group(3);
      group.in_threads(together, [&](ptc_rank* rank) {
        // Shards 0, 3 and 7, one each: (0 + 3) + 7.
        const int number = rank->number() == 0 ? 0 : rank->number() == 1 ? 3 : 7;
        void* data = shards.shard[number].data();
        const void* mine[] = {data};
        CHECK_OK(ptc_all_reduce(rank, PTC_FLOAT32, mine, number, 1, kCount, 1, data, kPatience));
      });
      CHECK(shards.shard[0].same_as(shards.shard[3]) && shards.shard[0].same_as(shards.shard[7]));
      Shards fresh(PTC_FLOAT32, kCount);
      for (std::int64_t i = 0; i < kCount; i += 997) {
        CHECK(shards.shard[0][i] == (fresh.shard[0][i] + fresh.shard[3][i]) + fresh.shard[7][i]);
      }
      if (!ran) first = shards.shard[0];
      ran = true;
      CHECK(first.same_as(shards.shard[0]));
    }
  });
}

TEST("all-gather, broadcast and barrier, for any number of bytes") {
  for (int ranks : {1, 2, 3, 8}) {
    for (bool together : {true, false}) {
      for (std::int64_t bytes : {0, 1, 7, 4096, 100003}) {
        std::vector<char> whole(bytes);
        for (std::int64_t i = 0; i < bytes; i++) whole[i] = static_cast<char>(i * 31 + i / 256);
        Group group(ranks);
        group.in_threads(together, [&](ptc_rank* rank) {
          const int r = rank->number();
          std::int64_t begin = bytes / ranks * r + bytes % ranks * r / ranks;
          std::vector<char> out(bytes, 'x');
          CHECK_OK(ptc_all_gather(rank, whole.data() + begin, bytes, out.data(), kPatience));
          CHECK(out == whole);
          CHECK_OK(ptc_barrier(rank, kPatience));
          std::vector<char> data(bytes, static_cast<char>(r));
          int root = ranks / 2;
          if (r == root) data = whole;
          CHECK_OK(ptc_broadcast(rank, root, data.data(), bytes, kPatience));
          CHECK(data == whole);
        });
      }
    }
  }
}

TEST("calls that do not fit together are refused on every rank, and the group goes on") {
  Group group(2);
  group.in_threads(true, [&](ptc_rank* rank) {
    float x = 1, y = 0;
    const void* mine[] = {&x};
    // Another count, another operation, a shard brought twice, none at all.
    CHECK(ptc_all_reduce(rank, PTC_FLOAT32, mine, rank->number(), 1, rank->number(), 1, &y, kPatience) ==
          PTC_INVALID_ARGUMENT);
    if (rank->number() == 0) {
      CHECK(ptc_barrier(rank, kPatience) == PTC_INVALID_ARGUMENT);
    } else {
      CHECK(ptc_broadcast(rank, 0, &x, 4, kPatience) == PTC_INVALID_ARGUMENT);
    }
    CHECK(ptc_all_reduce(rank, PTC_FLOAT32, mine, 0, 1, 1, 1, &y, kPatience) == PTC_INVALID_ARGUMENT);
    CHECK(ptc_all_reduce(rank, PTC_FLOAT32, mine, 0, 0, 1, 1, &y, kPatience) == PTC_INVALID_ARGUMENT);
    CHECK(ptc_all_reduce(rank, PTC_FLOAT32, mine, 8, 1, 1, 1, &y, kPatience) == PTC_INVALID_ARGUMENT);  // alone
    CHECK(ptc_barrier(rank, 0) == PTC_INVALID_ARGUMENT);
    CHECK_OK(ptc_all_reduce(rank, PTC_FLOAT32, mine, rank->number(), 1, 1, 1, &y, kPatience));
    CHECK(y == 2);
  });
  char small[128];
  ptc_rank* rank = nullptr;
  CHECK(ptc_group_bytes(9, 4096) == 0 && ptc_group_bytes(2, 100) == 0);
  alignas(64) static char block[1 << 17];
  CHECK(ptc_group_create(block, 1000, 2, 4096) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_group_create(small + 1, sizeof small - 1, 2, 4096) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_rank_join(block, sizeof block, 0, 10, &rank) == PTC_INVALID_ARGUMENT);
}

TEST("a rank that leaves is an error on every other, and so is every call after it") {
  for (bool together : {true, false}) {
    Group group(3);
    group.in_threads(together, [&](ptc_rank* rank) {
      CHECK_OK(ptc_barrier(rank, kPatience));
      if (rank->number() == 1) return;
      float x = 1;
      const void* mine[] = {&x};
      CHECK(ptc_all_reduce(rank, PTC_FLOAT32, mine, rank->number(), 1, 1, 1, &x, kPatience) == PTC_PEER_LOST);
      CHECK(std::strstr(ptc_last_error(), "rank 1 has left") != nullptr);
      CHECK(ptc_barrier(rank, kPatience) == PTC_PEER_LOST);
    });
  }
}

TEST("a rank that does not come in time is told to every other") {
  Group group(3);
  std::atomic<int> told{0};
  group.in_threads(true, [&](ptc_rank* rank) {
    CHECK_OK(ptc_barrier(rank, kPatience));
    while (rank->number() == 2 && told.load() < 2) std::this_thread::yield();  // late
    CHECK(ptc_barrier(rank, rank->number() == 0 ? 30 : kPatience) == PTC_TIMEOUT);
    CHECK(std::strstr(ptc_last_error(), "rank 2 did not come") != nullptr);
    told++;
    while (told.load() < 3) std::this_thread::yield();
  });
  // A group whose second rank never joins.
  Group lonely(2);
  ptc_rank* rank = nullptr;
  CHECK(lonely.join(0, &rank, 20) == PTC_TIMEOUT && rank == nullptr);
  CHECK(std::strstr(ptc_last_error(), "rank 1") != nullptr);
  CHECK(lonely.join(0, &rank, 20) == PTC_INVALID_ARGUMENT);
}

// Runs body(rank) in a forked child for each rank but 0; returns their process numbers.
template <typename F>
std::vector<pid_t> fork_ranks(Group& group, int ranks, const F& body) {
  std::vector<pid_t> children;
  for (int r = 1; r < ranks; r++) {
    pid_t child = fork();
    if (child == 0) {
      ptc_rank* rank = nullptr;
      bool good = group.join(r, &rank) == PTC_OK && body(rank);
      _exit(good ? 0 : 1);  // as if killed: nothing is left in order
    }
    children.push_back(child);
  }
  return children;
}

TEST("processes reduce through shared memory to the same bits as threads") {
  constexpr int kRanks = 4;
  constexpr std::int64_t kCount = 20011;
  Shards shards(PTC_FLOAT32, kCount);
  Stored expected = shards.sum(1);
  Group group(kRanks, 8192);
  auto work = [&](ptc_rank* rank) {
    if (rank->together()) return false;
    auto mine = shards.of(rank->number(), kRanks);
    bool good = true;
    for (int again = 0; again < 5 && good; again++) {
      Stored out(PTC_FLOAT32, kCount);
      good = ptc_all_reduce(rank, PTC_FLOAT32, mine.data(), Shards::first(rank->number(), kRanks),
                            static_cast<int>(mine.size()), kCount, 1, out.data(), kPatience) == PTC_OK &&
             out.same_as(expected);
    }
    return good && ptc_barrier(rank, kPatience) == PTC_OK;
  };
  auto children = fork_ranks(group, kRanks, work);
  ptc_rank* rank = nullptr;
  CHECK_OK(group.join(0, &rank));
  CHECK(rank != nullptr && work(rank));
  ptc_rank_destroy(rank);
  for (pid_t child : children) {
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
  }
}

TEST("the death of a process is an error on every other rank within a second") {
  constexpr int kRanks = 3;
  Group group(kRanks);
  auto children = fork_ranks(group, kRanks, [](ptc_rank* rank) {
    if (rank->number() == 2) {
      while (ptc_barrier(rank, kPatience) == PTC_OK) {
      }
      return false;
    }
    ptc_status status = PTC_OK;
    while ((status = ptc_barrier(rank, kPatience)) == PTC_OK) {
    }
    return status == PTC_PEER_LOST;
  });
  ptc_rank* rank = nullptr;
  CHECK_OK(group.join(0, &rank));
  for (int i = 0; i < 100; i++) CHECK_OK(ptc_barrier(rank, kPatience));
  auto start = std::chrono::steady_clock::now();
  kill(children[1], SIGKILL);
  ptc_status status = PTC_OK;
  while ((status = ptc_barrier(rank, kPatience)) == PTC_OK) {
  }
  CHECK(status == PTC_PEER_LOST);
  CHECK(std::strstr(ptc_last_error(), "rank 2 has died") != nullptr);
  int survivor = -1;
  CHECK(waitpid(children[0], &survivor, 0) == children[0] && survivor == 0);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
  waitpid(children[1], nullptr, 0);
  ptc_rank_destroy(rank);
}

}  // namespace
