// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// How near the kernels come to the speed of memory:  kernel_bench [threads] [part of a figure's name]
// Every tensor is larger than the last cache. The limit of a kernel is a plain loop that reads and writes as
// many streams of the same widths (plain_loop.h), through the cache or past it, whichever is faster, with the
// same number of threads, in turns with the kernel. Bytes are those that must be read plus those that must be
// written; that a line written through the cache is read first is not counted, for either. limit_compute is the same call over
// data that stay in the cache, times the threads: what the arithmetic alone would allow.
#include <cstring>
#include <memory>
#include <thread>

#include "group.h"
#include "partita_collective.h"
#include "partita_optimizer.h"
#include "partita_tensor.h"
#include "plain_loop.h"

namespace {

using namespace partita::bench;

int threads = 1;
const char* only = "";
ptc_pool* pool = nullptr;
PlainLoops* plain = nullptr;

bool wanted(const std::string& figure) { return figure.find(only) != std::string::npos; }

// f(pool, n): the kernel on the first n elements.
using Body = std::function<void(ptc_pool*, std::int64_t)>;
constexpr std::int64_t kInCache = 1 << 13;

// Bytes a second of `in_cache` elements again and again, by one thread.
double compute_rate(Traffic traffic, std::int64_t in_cache, const Body& body) {
  const int times = static_cast<int>(std::max<std::int64_t>(1, (1 << 20) / in_cache));
  std::vector<double> all = seconds([&] {
    for (int k = 0; k < times; k++) body(nullptr, in_cache);
  });
  return traffic.bytes() * static_cast<double>(in_cache) * times / 1e9 / all[all.size() / 2];
}

// `count` elements of that traffic in one run of the body. in_cache: how many of them are a whole unit and stay in the second
// cache; 0 if that says nothing about the kernel.
void report(const std::string& figure, Traffic traffic, double count, const Body& body,
            std::int64_t in_cache = kInCache) {
  if (!wanted(figure)) return;
  std::vector<double> times;
  auto timed = [](std::vector<double>& into, const std::function<void()>& f) {
    auto start = std::chrono::steady_clock::now();
    f();
    into.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  };
  std::vector<double> past, through;
  for (int run = -1; run < kRuns; run++) {
    timed(times, [&] { body(pool, kCount); });
    timed(through, [&] { plain->run(pool, traffic, false); });
    if (!traffic.in_place) timed(past, [&] { plain->run(pool, traffic, true); });
    if (run < 0) {
      for (auto* all : {&times, &through, &past}) all->clear();
    }
  }
  for (auto* all : {&times, &through, &past}) std::sort(all->begin(), all->end());
  if (!past.empty() && past[past.size() / 2] < through[through.size() / 2]) through = past;
  auto rate = [&](double seconds) { return traffic.bytes() * kCount / 1e9 / seconds; };
  print_rate(figure, "GB/s", traffic.bytes() * count / 1e9, times,
             {rate(through[through.size() / 2]), "a plain loop over the same streams, same threads, in turns",
              rate(through.front()), in_cache > 0 ? threads * compute_rate(traffic, in_cache, body) : 0});
}

// Traffic: streams read, their bytes a value, streams written, theirs; in place.
constexpr Traffic moves(int reads, int writes, int bytes) { return {reads, bytes, writes, bytes, false}; }

void optimizers() {
  constexpr std::int64_t n = kCount / 2;
  Array<float> w(n), m(n), v(n), g(n);
  Array<std::uint16_t> copy(n), narrow(n);
  must(ptc_convert(pool, PTC_FLOAT32, g.data(), PTC_BFLOAT16, narrow.data(), n, 0));
  // Many tensors, as models have them.
  std::vector<ptc_update> updates, mixed;
  for (std::int64_t from = 0; from < n; from += n / 64) {
    updates.push_back(
        {w.data() + from, m.data() + from, v.data() + from, g.data() + from, nullptr, n / 64, PTC_FLOAT32, 0.01f});
    mixed.push_back({w.data() + from, m.data() + from, v.data() + from, narrow.data() + from, copy.data() + from,
                     n / 64, PTC_BFLOAT16, 0.01f});
  }
  // All of them, or the first `n` values of one.
  auto with = [](const std::vector<ptc_update>& list, std::int64_t n, const auto& f) {
    ptc_update one = list[0];
    one.count = std::min(one.count, n);
    n < kCount ? f(&one, 1) : f(list.data(), static_cast<std::int32_t>(list.size()));
  };
  std::int64_t step = 1;
  auto adamw = [&](const std::vector<ptc_update>& list) {
    return [&, list](ptc_pool* on, std::int64_t elements) {
      with(list, elements, [&](const ptc_update* all, std::int32_t count) {
        must(ptc_adamw_step(on, all, count, nullptr, 1e-3f, 0.9f, 0.999f, 1e-8f, step++));
      });
    };
  };
  report("adamw_gbps", {4, 4, 3, 4, true}, n, adamw(updates));
  // Two bytes of gradient less, two of copy more: 28 as well.
  report("adamw_bf16_gbps", {4, 4, 3, 4, true}, n, adamw(mixed));
  report("sgd_momentum_gbps", {3, 4, 2, 4, true}, n, [&](ptc_pool* on, std::int64_t elements) {
    with(updates, elements, [&](const ptc_update* all, std::int32_t count) {
      must(ptc_sgd_step(on, all, count, nullptr, 1e-3f, 0.9f, 0));
    });
  });
  double sum = 0;
  report("gradient_norm_gbps", {1, 4, 0, 4, true}, n, [&](ptc_pool* on, std::int64_t elements) {
    with(updates, elements, [&](const ptc_update* all, std::int32_t count) {
      must(ptc_gradient_square_sum(on, all, count, &sum));
    });
  });
  constexpr std::int64_t k = 1024;
  if (wanted("muon_1024_per_s")) {
    ptc_update matrix = updates[0];
    matrix.count = k * k;
    print_rate(
        "muon_1024_per_s", "steps/s", 1,
        seconds([&] { must(ptc_muon_step(pool, &matrix, k, k, nullptr, 1e-3f, 0.95f, 1, 5, PTC_MUON_ORIGINAL)); },
                3),
        {});
  }
  if (wanted("matrix_product_gflops")) {
    print_rate("matrix_product_gflops", "GFLOP/s", 2e-9 * k * k * k,
               seconds([&] { must(ptc_matrix_product(pool, w.data(), m.data(), k, k, k, 0, v.data())); }, 3), {});
  }
}

void layers(std::int32_t dtype, const std::string& suffix) {
  const int bytes = dtype == PTC_FLOAT32 ? 4 : 2;
  Array<float> a(kCount), b(kCount), c(kCount), d(kCount), e(kCount);
  if (dtype != PTC_FLOAT32) {
    for (auto* x : {&a, &b, &c}) {  // values that are numbers in the narrow type too
      Array<float> wide(kCount);
      must(ptc_convert(pool, PTC_FLOAT32, wide.data(), dtype, x->data(), kCount, 0));
    }
  }
  auto named = [&](const std::string& name) { return name + suffix + "_gbps"; };
  for (int kind : {PTC_GELU_ERF, PTC_GELU_TANH}) {
    const std::string of = kind == PTC_GELU_ERF ? "gelu" : "gelu_tanh";
    report(named(of), moves(1, 1, bytes), kCount,
           [&](ptc_pool* on, std::int64_t n) { must(ptc_gelu(on, dtype, kind, a.data(), n, d.data())); });
    report(named(of + "_backward"), moves(2, 1, bytes), kCount,
           [&](ptc_pool* on, std::int64_t n) { must(ptc_gelu_backward(on, dtype, kind, a.data(), b.data(), n, d.data())); });
  }
  report(named("swiglu"), moves(2, 1, bytes), kCount,
         [&](ptc_pool* on, std::int64_t n) { must(ptc_swiglu(on, dtype, a.data(), b.data(), n, d.data())); });
  report(named("swiglu_backward"), moves(3, 2, bytes), kCount,
         [&](ptc_pool* on, std::int64_t n) { must(ptc_swiglu_backward(on, dtype, a.data(), b.data(), c.data(), n, d.data(), e.data())); });
  report(named("dropout"), moves(1, 1, bytes), kCount,
         [&](ptc_pool* on, std::int64_t n) { must(ptc_dropout(on, dtype, a.data(), n, 0.1f, 1, 2, d.data())); });
  constexpr std::int64_t kColumns = 1024, kRows = kCount / kColumns;
  Array<float> gamma(kColumns), beta(kColumns), d_gamma(kColumns), d_beta(kColumns), mean(kRows), rstd(kRows);
  report(named("layer_norm"), moves(1, 1, bytes), kCount, [&](ptc_pool* on, std::int64_t n) {
    must(ptc_layer_norm(on, dtype, a.data(), gamma.data(), beta.data(), n / kColumns, kColumns, 1e-5f, d.data(),
                        mean.data(), rstd.data()));
  });
  report(named("layer_norm_backward"), moves(2, 1, bytes), kCount, [&](ptc_pool* on, std::int64_t n) {
    must(ptc_layer_norm_backward(on, dtype, a.data(), b.data(), gamma.data(), mean.data(), rstd.data(), n / kColumns,
                                 kColumns, d.data(), d_gamma.data(), d_beta.data()));
  }, 0);
  report(named("rms_norm"), moves(1, 1, bytes), kCount, [&](ptc_pool* on, std::int64_t n) {
    must(ptc_rms_norm(on, dtype, a.data(), gamma.data(), n / kColumns, kColumns, 1e-5f, d.data(), rstd.data()));
  });
  report(named("rms_norm_backward"), moves(2, 1, bytes), kCount, [&](ptc_pool* on, std::int64_t n) {
    must(ptc_rms_norm_backward(on, dtype, a.data(), b.data(), gamma.data(), rstd.data(), n / kColumns, kColumns,
                               d.data(), d_gamma.data()));
  }, 0);
  std::vector<std::int64_t> labels(kRows, 7);
  Array<float> losses(kRows);
  report(named("cross_entropy_1024"), moves(1, 1, bytes), kCount, [&](ptc_pool* on, std::int64_t n) {
    must(ptc_softmax_cross_entropy(on, dtype, a.data(), labels.data(), n / kColumns, kColumns, 1, losses.data(),
                                   d.data()));
  });
  report(named("cross_entropy_32768"), moves(1, 1, bytes), kCount, [&](ptc_pool* on, std::int64_t n) {
    must(ptc_softmax_cross_entropy(on, dtype, a.data(), labels.data(), n / 32768, 32768, 1, losses.data(),
                                   d.data()));
  }, 32768);
  constexpr std::int64_t kHead = 128, kHeads = 8, kTokens = kCount / kHead / kHeads;
  Array<float> table(4096 * kHead);
  must(ptc_rotary_table(4096, kHead, 10000, table.data()));
  std::vector<std::int32_t> positions(kTokens);
  for (std::int64_t t = 0; t < kTokens; t++) positions[t] = static_cast<std::int32_t>(t % 4096);
  report(named("rotary"), moves(1, 1, bytes), kCount, [&](ptc_pool* on, std::int64_t n) {
    must(ptc_rotary(on, dtype, PTC_ROTARY_HALVES, 0, a.data(), positions.data(), n / kHead / kHeads, kHeads, kHead,
                    table.data(), 4096, d.data()));
  });
}

void input_path() {
  Array<float> a(kCount), d(kCount);
  for (auto [dtype, name, bytes] : {std::tuple(PTC_BFLOAT16, "bf16", 2), std::tuple(PTC_FLOAT16, "fp16", 2),
                                    std::tuple(PTC_INT8, "int8", 1)}) {
    report("fp32_to_" + std::string(name) + "_gbps", {1, 4, 1, bytes, false}, kCount,
           [&, dtype = dtype](ptc_pool* on, std::int64_t n) { must(ptc_convert(on, PTC_FLOAT32, a.data(), dtype, d.data(), n, 0.01f)); });
    report(std::string(name) + "_to_fp32_gbps", {1, bytes, 1, 4, false}, kCount,
           [&, dtype = dtype](ptc_pool* on, std::int64_t n) { must(ptc_convert(on, dtype, a.data(), PTC_FLOAT32, d.data(), n, 0.01f)); });
  }
  constexpr std::int64_t kRowBytes = 3072, kRows = kCount * 4 / kRowBytes;
  std::vector<std::int64_t> index(kRows);
  for (std::int64_t k = 0; k < kRows; k++) index[k] = k * 7919 % kRows;
  report("gather_rows_3072_gbps", moves(1, 1, 4), kRows * (kRowBytes / 4.0),
         [&](ptc_pool* on, std::int64_t n) { must(ptc_gather_rows(on, a.data(), kRows, kRowBytes, index.data(), std::min(n * 4 / kRowBytes, kRows), d.data())); }, 0);
  constexpr std::int32_t kDim = 64, kBags = 65536, kIds = 23;
  std::vector<std::int32_t> ids(std::size_t{kBags} * kIds), offsets(kBags + 1);
  for (std::size_t i = 0; i < ids.size(); i++) ids[i] = static_cast<std::int32_t>(i * 7919 % (kCount / kDim));
  for (std::int32_t b = 0; b <= kBags; b++) offsets[b] = b * kIds;
  // Rows lie anywhere: 256 bytes at a time, which no plain loop is like; beside it stands reading in order.
  report("embedding_bag_64_gbps", {1, 4, 0, 4, true}, 1.0 * (ids.size() + kBags) * kDim, [&](ptc_pool* on, std::int64_t) {
    must(ptc_embedding_bag(on, PTC_FLOAT32, a.data(), kCount / kDim, kDim, ids.data(),
                           static_cast<std::int32_t>(ids.size()), offsets.data(), kBags, PTC_BAG_MEAN, d.data()));
  }, 0);
  if (!wanted("featurizer_mbps")) return;
  std::vector<std::string> texts;
  for (int i = 0; i < 100000; i++) {
    texts.push_back("word" + std::to_string(i % 977) + " that stands for the " + std::to_string(i) +
                    "th gloss; of a dictionary, with Several words");
  }
  std::vector<std::int64_t> addresses;
  std::vector<std::int32_t> lengths;
  double bytes = 0;
  for (const auto& text : texts) {
    addresses.push_back(reinterpret_cast<std::int64_t>(text.data()));
    lengths.push_back(static_cast<std::int32_t>(text.size()));
    bytes += static_cast<double>(text.size());
  }
  ptc_featurizer* featurizer = nullptr;
  ptc_features* features = nullptr;
  must(ptc_featurizer_create(1 << 18, threads, &featurizer));
  must(ptc_features_create(&features));
  print_rate("featurizer_mbps", "MB/s", bytes / 1e6, seconds([&] {
               must(ptc_featurize(featurizer, 100000, addresses.data(), lengths.data(), 60000, features));
             }),
             {});
  ptc_features_destroy(features);
  ptc_featurizer_destroy(featurizer);
}

// 64 MiB of float32 on each of two ranks, as threads: in one address space, and through slots as between
// processes. The figure is the size of the gradient by the time of the slower rank.
void collectives() {
  for (bool together : {true, false}) {
    const char* figure = together ? "all_reduce_64mib_2_ranks_inpod" : "all_reduce_64mib_2_ranks_by_slots_gbps";
    if (!wanted(figure)) continue;
    constexpr std::int64_t kSlot = 256 << 10;
    Array<char> memory(ptc_group_bytes(2, kSlot));
    must(ptc_group_create(memory.data(), ptc_group_bytes(2, kSlot), 2, kSlot));
    Array<float> a(kCount), b(kCount);
    std::vector<double> times;
    auto rank_main = [&](int r) {
      ptc_rank* rank = nullptr;
      must(ptc_rank_join(memory.data(), ptc_group_bytes(2, kSlot), r, 60000, &rank));
      if (!together) rank->keep_apart();
      float* own = r == 0 ? a.data() : b.data();
      const void* mine[] = {own};
      for (int run = -1; run < kRuns; run++) {
        must(ptc_barrier(rank, 60000));
        auto start = std::chrono::steady_clock::now();
        must(ptc_all_reduce(rank, PTC_FLOAT32, mine, 4 * r, 1, kCount, 0.5f, own, 60000));
        must(ptc_barrier(rank, 60000));
        if (r == 0 && run >= 0) {
          times.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        }
      }
      ptc_rank_destroy(rank);
    };
    std::thread other(rank_main, 1);
    rank_main(0);
    other.join();
    std::sort(times.begin(), times.end());
    print_rate(figure, "GB/s", 4e-9 * kCount, times, {});
  }
}

}  // namespace

int main(int argc, char** argv) {
  threads = argc > 1 ? std::atoi(argv[1]) : 1;
  if (threads < 1 || threads > 64) {
    std::fprintf(stderr, "usage: kernel_bench [threads, 1 to 64] [part of a figure's name]\n");
    return 2;
  }
  if (argc > 2) only = argv[2];
  must(ptc_pool_create(threads, 60000, &pool));
  PlainLoops loops;
  plain = &loops;
  optimizers();
  layers(PTC_FLOAT32, "");
  layers(PTC_BFLOAT16, "_bf16");
  input_path();
  collectives();
  ptc_pool_destroy(pool);
  return 0;
}
