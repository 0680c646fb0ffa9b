// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery.h"

#include <cstring>

#include "extents.h"
#include "index.h"
#include "life.h"

namespace partita::store {
namespace {

bool lies_before(const Control& control, std::uint32_t a, std::uint32_t b) {
  return control.record(a).first_granule() <= control.record(b).first_granule();
}

// Lists are linked by Record::after.
std::uint32_t merge(Control& control, std::uint32_t a, std::uint32_t b) {
  std::uint32_t head = kNone;
  std::uint32_t* tail = &head;
  while (a != kNone && b != kNone) {
    std::uint32_t& least = lies_before(control, a, b) ? a : b;
    *tail = least;
    tail = &control.record(least).after;
    least = *tail;
  }
  *tail = a != kNone ? a : b;
  return head;
}

void forget_what_is_derived(Control& control) {
  Header& header = control.header();
  if (header.records_touched > 1) index_clear(control);
  header.allocator = Allocator{};
  header.pool = kNone;
  header.damaged = 0;
  header.counters.live = header.counters.spilled = header.counters.used_bytes = 0;
  for (Budget& budget : header.budgets) {
    if (budget.used == 0) continue;
    budget.used_bytes = budget.objects = 0;
  }
}

void count(Control& control, std::uint32_t number, Word word) {
  Header& header = control.header();
  std::uint64_t bytes = word.resident() ? control.record(number).granules() * kGranule : 0;
  header.counters.live++;
  header.counters.used_bytes += bytes;
  if (word.state == State::kSpilled) header.counters.spilled++;
  for_each_budget_up(header, word.budget % kMaxBudgets, [&](std::uint32_t b) {
    header.budgets[b].objects++;
    header.budgets[b].used_bytes += bytes;
  });
}

// Links neighbours and makes the gaps between them free extents.
void lay_out(Control& control, std::uint32_t first) {
  std::uint64_t end = 0;
  std::uint32_t before = kNone;
  std::uint64_t arena = control.arena_bytes() / kGranule;
  for (std::uint32_t number = first; number != kNone;) {
    Record& r = control.record(number);
    std::uint32_t next = r.after;
    if (r.first_granule() < end || r.granules() == 0 || r.first_granule() + r.granules() > arena) {
      control.header().damaged = 1;
      return;
    }
    r.before = before;
    if (before != kNone) control.record(before).after = number;
    if (r.first_granule() > end) add_free_extent(control, end, r.first_granule() - end, before, number);
    r.after = kNone;
    end = r.first_granule() + r.granules();
    before = number;
    number = next;
  }
  if (end < arena) add_free_extent(control, end, arena - end, before, kNone);
}

}  // namespace

void derive_anew(Control& control) {
  Header& header = control.header();
  auto& version = header.index_version;
  if (version.load() % 2 == 0) version.fetch_add(1);  // readers that miss ask again under the lock
  forget_what_is_derived(control);
  std::uint32_t runs[32] = {};  // sorted lists of 2^i records
  for (std::uint32_t number = 1; number < header.records_touched && number < control.records(); number++) {
    Word word = word_of(control, number);
    if (!word.live()) {
      to_pool(control, number);
      continue;
    }
    count(control, number, word);
    may_die();
    if (word.findable()) index_insert(control, number);
    control.record(number).before = control.record(number).after = kNone;
    if (!word.resident()) continue;
    std::uint32_t run = number;
    int i = 0;
    for (; runs[i] != kNone; i++) {
      run = merge(control, runs[i], run);
      runs[i] = kNone;
    }
    runs[i] = run;
  }
  std::uint32_t sorted = kNone;
  for (std::uint32_t run : runs) sorted = merge(control, sorted, run);
  lay_out(control, sorted);
  version.fetch_add(1);
}

}  // namespace partita::store
