// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "extents.h"

#include "failure.h"

namespace partita::store {
namespace {

// Bins of a power of two are split in 8: extents in one bin differ by less than an eighth.
std::uint32_t bin_of(std::uint64_t granules) {
  if (granules < 8) return static_cast<std::uint32_t>(granules);
  auto top = static_cast<std::uint32_t>(63 - __builtin_clzll(granules));
  return (top - 2) * 8 + static_cast<std::uint32_t>((granules >> (top - 3)) & 7);
}

// A free extent's neighbours in its bin.
std::uint32_t next_of(const Record& r) {
  return static_cast<std::uint32_t>(r.id_low.load(std::memory_order_relaxed) >> 32);
}
std::uint32_t previous_of(const Record& r) {
  return static_cast<std::uint32_t>(r.id_low.load(std::memory_order_relaxed));
}
void link(Record& r, std::uint32_t previous, std::uint32_t next) {
  r.id_low.store(std::uint64_t{next} << 32 | previous, std::memory_order_relaxed);
}

void enter_bin(Control& control, std::uint32_t number) {
  Allocator& bins = control.header().allocator;
  Record& r = control.record(number);
  std::uint32_t bin = bin_of(r.granules());
  std::uint32_t head = bins.heads[bin];
  link(r, kNone, head);
  may_die();
  if (head != kNone) link(control.record(head), number, next_of(control.record(head)));
  bins.heads[bin] = number;
  bins.occupied[bin / 64] |= std::uint64_t{1} << bin % 64;
}

void leave_bin(Control& control, std::uint32_t number) {
  Allocator& bins = control.header().allocator;
  Record& r = control.record(number);
  std::uint32_t bin = bin_of(r.granules());
  std::uint32_t previous = previous_of(r), next = next_of(r);
  may_die();
  if (next != kNone) link(control.record(next), previous, next_of(control.record(next)));
  if (previous != kNone) {
    link(control.record(previous), previous_of(control.record(previous)), next);
  } else {
    bins.heads[bin] = next;
    if (next == kNone) bins.occupied[bin / 64] &= ~(std::uint64_t{1} << bin % 64);
  }
}

std::uint32_t first_occupied(const Allocator& bins, std::uint32_t from) {
  for (std::uint32_t word = from / 64; word < (kBins + 63) / 64; word++) {
    std::uint64_t bits = bins.occupied[word];
    if (word == from / 64) bits &= ~std::uint64_t{0} << from % 64;
    if (bits != 0) return word * 64 + static_cast<std::uint32_t>(__builtin_ctzll(bits));
  }
  return kBins;
}

std::uint32_t from_pool(Control& control) {
  Header& header = control.header();
  std::uint32_t number = header.pool;
  if (number != kNone) {
    header.pool = static_cast<std::uint32_t>(control.record(number).id_low.load(std::memory_order_relaxed));
    return number;
  }
  if (header.records_touched >= control.records()) throw Failure(PTC_INTERNAL, "the store ran out of records");
  return header.records_touched++;
}

void set_state(Record& r, State state) {
  Word word = Word::of(r.word.load(std::memory_order_relaxed));
  may_die();
  r.word.store(Word{word.generation, 0, kNobody, state}.bits(), std::memory_order_seq_cst);
  may_die();
}

void join(Control& control, std::uint32_t left, std::uint32_t right) {
  Record& l = control.record(left);
  Record& r = control.record(right);
  l.set_extent(l.first_granule(), l.granules() + r.granules());
  may_die();
  l.after = r.after;
  if (r.after != kNone) control.record(r.after).before = left;
  to_pool(control, right);
}

bool is_free(const Control& control, std::uint32_t number) {
  return number != kNone &&
         Word::of(control.record(number).word.load(std::memory_order_relaxed)).state == State::kFree;
}

}  // namespace

void to_pool(Control& control, std::uint32_t number) {
  Record& r = control.record(number);
  set_state(r, State::kUnused);
  r.id_high.store(0, std::memory_order_relaxed);
  r.id_low.store(control.header().pool, std::memory_order_relaxed);
  control.header().pool = number;
}

std::uint32_t take_extent(Control& control, std::uint64_t granules) {
  Allocator& bins = control.header().allocator;
  // Any extent of the bins above is large enough; of its own bin, only some are.
  std::uint32_t own = bin_of(granules);
  std::uint32_t found = kNone;
  std::uint32_t tried = 0;
  for (std::uint32_t n = bins.heads[own]; n != kNone && tried < 64; n = next_of(control.record(n)), tried++) {
    if (control.record(n).granules() >= granules) {
      found = n;
      break;
    }
  }
  if (found == kNone) {
    std::uint32_t bin = first_occupied(bins, own + 1);
    if (bin < kBins) found = bins.heads[bin];
  }
  if (found == kNone) return kNone;
  leave_bin(control, found);
  Record& r = control.record(found);
  std::uint64_t rest = r.granules() - granules;
  if (rest > 0) {
    // There is a record for it: objects take at most half of them, and free extents lie between objects.
    std::uint32_t number = from_pool(control);
    Record& remainder = control.record(number);
    remainder.set_extent(r.first_granule() + granules, rest);
    remainder.before = found;
    remainder.after = r.after;
    if (r.after != kNone) control.record(r.after).before = number;
    r.after = number;
    r.set_extent(r.first_granule(), granules);
    may_die();
    set_state(remainder, State::kFree);
    enter_bin(control, number);
  }
  return found;
}

void give_extent(Control& control, std::uint32_t number) {
  set_state(control.record(number), State::kFree);
  control.record(number).id_high.store(0, std::memory_order_relaxed);
  std::uint32_t before = control.record(number).before;
  std::uint32_t after = control.record(number).after;
  if (is_free(control, after)) {
    leave_bin(control, after);
    join(control, number, after);
  }
  if (is_free(control, before)) {
    leave_bin(control, before);
    join(control, before, number);
    number = before;
  }
  enter_bin(control, number);
}

void detach_extent(Control& control, std::uint32_t object) {
  std::uint32_t number = from_pool(control);
  Record& from = control.record(object);
  Record& r = control.record(number);
  r.set_extent(from.first_granule(), from.granules());
  r.before = from.before;
  r.after = from.after;
  if (r.before != kNone) control.record(r.before).after = number;
  if (r.after != kNone) control.record(r.after).before = number;
  from.before = from.after = kNone;
  give_extent(control, number);
}

void attach_extent(Control& control, std::uint32_t object, std::uint32_t taken) {
  Record& o = control.record(object);
  Record& r = control.record(taken);
  o.set_extent(r.first_granule(), r.granules());
  o.before = r.before;
  o.after = r.after;
  if (o.before != kNone) control.record(o.before).after = object;
  if (o.after != kNone) control.record(o.after).before = object;
  to_pool(control, taken);
}

void add_free_extent(Control& control, std::uint64_t first, std::uint64_t granules, std::uint32_t before,
                     std::uint32_t after) {
  std::uint32_t number = from_pool(control);
  Record& r = control.record(number);
  r.set_extent(first, granules);
  r.before = before;
  r.after = after;
  if (before != kNone) control.record(before).after = number;
  if (after != kNone) control.record(after).before = number;
  set_state(r, State::kFree);
  enter_bin(control, number);
}

}  // namespace partita::store
