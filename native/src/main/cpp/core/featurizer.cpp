// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Batches of texts to CSR feature ids on one or several threads.
//
// The texts are cut into contiguous parts of about equal bytes. A text never has more ids than bytes,
// so part k may write its ids from the byte offset of its first text on; afterwards the parts are
// moved together. Which thread took which part leaves no trace in the result.
#include <atomic>
#include <cstring>
#include <memory>

#include "cpu.h"
#include "feature_batch.h"
#include "status.h"
#include "thread_pool.h"
#include "tokenizer.h"
#include "word_stream.h"

struct ptc_featurizer {
  explicit ptc_featurizer(int bits, int threads) : bucket_bits(bits), pool(threads) {}
  int bucket_bits;
  partita::ThreadPool pool;
};

namespace partita {
namespace {

constexpr std::int64_t kMaxBytes = std::int64_t{1} << 30;
constexpr int kTextsBetweenLooksAtTheClock = 256;
constexpr std::int64_t kBytesPerPart = 1 << 15;

using Clock = std::chrono::steady_clock;

// A text longer than this would outlast the deadline unnoticed; its pieces are looked at in between.
constexpr std::int32_t kLongText = 1 << 22;

struct Part {
  std::int32_t first_text, last_text;
  std::int64_t first_byte;
  std::int32_t id_count;
};

class Batch {
 public:
  Batch(const ptc_featurizer& featurizer, std::int32_t count, const std::int32_t* lengths, Deadline deadline)
      : in_stream_((cpu_features() & PTC_CPU_AVX512) != 0 && (cpu_features() & PTC_CPU_AVX512_TEXT) != 0),
        tokenize_((cpu_features() & PTC_CPU_AVX2) != 0 ? tokenize_avx2 : tokenize_scalar),
        bits_(featurizer.bucket_bits),
        count_(count),
        lengths_(lengths),
        deadline_(deadline) {
    for (std::int32_t i = 0; i < count; i++) {
      require(lengths[i] >= 0, "ptc_featurize: a length is negative");
      bytes_ += lengths[i];
      require(bytes_ <= kMaxBytes, "ptc_featurize: more than 2^30 bytes in one batch");
    }
  }

  std::int64_t bytes() const { return bytes_; }

  template <typename TextAt>
  void run(ThreadPool& pool, const TextAt& text_at, ptc_features& into) {
    into.size = 0;
    into.count = 0;
    std::int32_t* ids = into.ids.at_least(static_cast<std::size_t>(bytes_) + 1);
    std::int32_t* offsets = into.offsets.at_least(static_cast<std::size_t>(count_) + 1);
    int parts = static_cast<int>(std::min<std::int64_t>(pool.threads() * 4, bytes_ / kBytesPerPart + 1));
    if (pool.threads() == 1 || parts < 2) parts = 1;
    auto cut = std::make_unique<Part[]>(static_cast<std::size_t>(parts));
    cut_into(parts, cut.get());
    auto task = [&](int k) { take(cut[k], text_at, ids, offsets); };
    if (parts == 1) {
      task(0);
    } else if (!pool.run(parts, task, deadline_)) {
      throw TimedOut("ptc_featurize: another batch held the threads until the time-out");
    }
    if (late_.load()) throw TimedOut("ptc_featurize: the batch did not end within the time-out");
    into.count = move_together(parts, cut.get(), ids, offsets);
    into.size = count_;
  }

 private:
  void cut_into(int parts, Part* cut) const {
    std::int32_t text = 0;
    std::int64_t byte = 0;
    for (int k = 0; k < parts; k++) {
      std::int64_t until = bytes_ * (k + 1) / parts;
      cut[k] = Part{text, text, byte, 0};
      while (text < count_ && (byte < until || k == parts - 1)) byte += lengths_[text++];
      cut[k].last_text = text;
    }
  }

  template <typename TextAt>
  void take(Part& part, const TextAt& text_at, std::int32_t* ids, std::int32_t* offsets) {
    std::int32_t* begin = ids + part.first_byte;
    if (in_stream_) {
      WordStream words(bits_, begin);
      for_texts(part, [&](std::int32_t i) {
        words.add(text_at(i), lengths_[i]);
        offsets[i + 1] = words.ids();
      });
      words.end();
      part.id_count = words.ids();
    } else {
      std::int32_t* out = begin;
      for_texts(part, [&](std::int32_t i) {
        out = tokenize_(text_at(i), lengths_[i], bits_, out);
        offsets[i + 1] = static_cast<std::int32_t>(out - begin);
      });
      part.id_count = static_cast<std::int32_t>(out - begin);
    }
  }

  // f(i) for the part's texts, unless it is too late. It makes offsets[i + 1] the end of text i, counted from the beginning of
  // the part.
  template <typename F>
  void for_texts(const Part& part, const F& f) {
    int until_look = 0;
    for (std::int32_t i = part.first_text; i < part.last_text; i++) {
      if (--until_look < 0 || lengths_[i] >= kLongText) {
        until_look = kTextsBetweenLooksAtTheClock;
        if (late_.load(std::memory_order_relaxed)) return;
        if (Clock::now() > deadline_) {
          late_.store(true);
          return;
        }
      }
      f(i);
    }
  }

  static std::int32_t move_together(int parts, const Part* cut, std::int32_t* ids, std::int32_t* offsets) {
    std::int32_t total = 0;
    offsets[0] = 0;
    for (int k = 0; k < parts; k++) {
      const Part& part = cut[k];
      if (total != part.first_byte) {
        std::memmove(ids + total, ids + part.first_byte, sizeof(std::int32_t) * part.id_count);
      }
      if (total != 0) {
        for (std::int32_t i = part.first_text; i < part.last_text; i++) offsets[i + 1] += total;
      }
      total += part.id_count;
    }
    return total;
  }

  bool in_stream_;
  std::int32_t* (*tokenize_)(const unsigned char*, std::int32_t, int, std::int32_t*);
  int bits_;
  std::int32_t count_;
  const std::int32_t* lengths_;
  Deadline deadline_;
  std::int64_t bytes_ = 0;
  std::atomic<bool> late_{false};
};

Deadline deadline_in(std::int32_t millis) { return Clock::now() + std::chrono::milliseconds(millis); }

void check_call(const ptc_featurizer* featurizer, std::int32_t count, const std::int32_t* lengths,
                std::int32_t timeout_millis, const ptc_features* into) {
  require(featurizer != nullptr && into != nullptr, "ptc_featurize: a handle is null");
  require(count >= 0, "ptc_featurize: count is negative");
  require(count == 0 || lengths != nullptr, "ptc_featurize: lengths is null");
  require(timeout_millis > 0, "ptc_featurize: timeout_millis must be above 0");
}

}  // namespace
}  // namespace partita

using partita::guarded;
using partita::require;

ptc_status ptc_featurizer_create(int32_t buckets, int32_t threads, ptc_featurizer** out) {
  return guarded([&] {
    require(out != nullptr, "ptc_featurizer_create: out is null");
    require(buckets >= 2 && buckets <= 1 << 30 && (buckets & (buckets - 1)) == 0,
            "ptc_featurizer_create: buckets must be a power of two from 2 to 2^30");
    require(threads >= 1 && threads <= 64, "ptc_featurizer_create: threads must be 1 to 64");
    *out = new ptc_featurizer(__builtin_ctz(static_cast<unsigned>(buckets)), threads);
  });
}

void ptc_featurizer_destroy(ptc_featurizer* featurizer) { delete featurizer; }

ptc_status ptc_features_create(ptc_features** out) {
  return guarded([&] {
    require(out != nullptr, "ptc_features_create: out is null");
    auto features = std::make_unique<ptc_features>();
    features->offsets.at_least(1)[0] = 0;
    *out = features.release();
  });
}

void ptc_features_destroy(ptc_features* features) { delete features; }

ptc_status ptc_featurize(ptc_featurizer* featurizer, int32_t count, const int64_t* addresses,
                         const int32_t* lengths, int32_t timeout_millis, ptc_features* into) {
  return guarded([&] {
    partita::check_call(featurizer, count, lengths, timeout_millis, into);
    require(count == 0 || addresses != nullptr, "ptc_featurize: addresses is null");
    partita::Batch batch(*featurizer, count, lengths, partita::deadline_in(timeout_millis));
    for (int32_t i = 0; i < count; i++) {
      require(addresses[i] != 0 || lengths[i] == 0, "ptc_featurize: an address is null");
    }
    auto text_at = [&](int32_t i) { return reinterpret_cast<const unsigned char*>(addresses[i]); };
    batch.run(featurizer->pool, text_at, *into);
  });
}

ptc_status ptc_featurize_packed(ptc_featurizer* featurizer, int32_t count, const int8_t* bytes,
                                int64_t byte_count, const int32_t* lengths, int32_t timeout_millis,
                                ptc_features* into) {
  return guarded([&] {
    partita::check_call(featurizer, count, lengths, timeout_millis, into);
    partita::Batch batch(*featurizer, count, lengths, partita::deadline_in(timeout_millis));
    require(batch.bytes() == byte_count, "ptc_featurize_packed: lengths do not add up to byte_count");
    require(byte_count == 0 || bytes != nullptr, "ptc_featurize_packed: bytes is null");
    auto starts = std::make_unique<int64_t[]>(static_cast<std::size_t>(count) + 1);
    for (int32_t i = 0; i < count; i++) starts[i + 1] = starts[i] + lengths[i];
    auto text_at = [&](int32_t i) { return reinterpret_cast<const unsigned char*>(bytes) + starts[i]; };
    batch.run(featurizer->pool, text_at, *into);
  });
}

int32_t ptc_features_size(const ptc_features* features) { return features->size; }
int32_t ptc_features_count(const ptc_features* features) { return features->count; }
const int32_t* ptc_features_ids(const ptc_features* features) { return features->ids.data(); }
const int32_t* ptc_features_offsets(const ptc_features* features) { return features->offsets.data(); }
