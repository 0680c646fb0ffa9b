// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "pins.h"

#include <sys/mman.h>

#include <cstring>

#include "life.h"

namespace partita::store {

// A token: [life 31][slot 26][stripe 6], above 0.
Pins::Pins(Control& control, std::uint32_t client)
    : control_(control), bit_(std::uint64_t{1} << client), stripes_(new Stripe[kStripes]) {
  std::size_t count = control.records();
  counts_ = counts_memory_.at_least(count);
  // From 4 MiB on the memory is fresh zeroes.
  if (count * sizeof(std::uint32_t) < (std::size_t{4} << 20)) std::memset(counts_, 0, count * sizeof(std::uint32_t));
}

Pins::Added Pins::add(std::uint32_t number, Id id) {
  Record& r = control_.record(number);
  Stripe& stripe = stripes_[number % kStripes];
  std::lock_guard<std::mutex> guard(stripe.mutex);
  if (stripe.free == 0) {
    if (stripe.slots.size() >= (1u << 26)) throw std::bad_alloc();
    stripe.slots.emplace_back();
    stripe.free = static_cast<std::uint32_t>(stripe.slots.size());
  }
  bool first = counts_[number] == 0;
  // First the holder's bit, then the word; who frees does it the other way round.
  if (first) r.holders.fetch_or(bit_, std::memory_order_seq_cst);
  Word word = word_of(control_, number);
  if (!word.readable() || !(r.id() == id)) {
    if (first) r.holders.fetch_and(~bit_, std::memory_order_seq_cst);
    word = word_of(control_, number);
    return {0, first && word.state == State::kDoomed, word.generation};
  }
  counts_[number]++;
  std::uint32_t index = stripe.free - 1;
  Slot& slot = stripe.slots[index];
  stripe.free = slot.next_free;
  slot.record = number;
  slot.life = slot.life % 0x7FFFFFFF + 1;
  std::uint64_t token = std::uint64_t{slot.life} << 32 | std::uint64_t{index} << 6 | number % kStripes;
  return {static_cast<std::int64_t>(token), false, word.generation};
}

Pins::Removed Pins::remove(std::int64_t token) {
  if (token <= 0) return {};
  Stripe& stripe = stripes_[token % kStripes];
  auto index = static_cast<std::uint32_t>(token >> 6 & 0x3FFFFFF);
  std::lock_guard<std::mutex> guard(stripe.mutex);
  if (index >= stripe.slots.size()) return {};
  Slot& slot = stripe.slots[index];
  if (slot.record == kNone || slot.life != token >> 32) return {};
  Removed removed;
  removed.record = slot.record;
  removed.generation = word_of(control_, slot.record).generation;  // cannot change while we hold it
  slot.record = kNone;
  slot.next_free = stripe.free;
  stripe.free = index + 1;
  removed.last = --counts_[removed.record] == 0;
  if (removed.last) control_.record(removed.record).holders.fetch_and(~bit_, std::memory_order_seq_cst);
  return removed;
}

}  // namespace partita::store
