// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "index.h"

namespace partita::store {
namespace {

// Ids are random, but a caller may bring its own: mixed by the finaliser of MurmurHash3.
std::uint32_t home(const Control& control, Id id) {
  std::uint64_t h = id.high ^ (id.low * 0x9E3779B97F4A7C15);
  h = (h ^ (h >> 33)) * 0xFF51AFD7ED558CCD;
  h = (h ^ (h >> 33)) * 0xC4CEB9FE1A85EC53;
  return static_cast<std::uint32_t>(h ^ (h >> 33)) & control.index_mask();
}

std::uint32_t probe(const Control& control, Id id) {
  std::uint32_t mask = control.index_mask();
  std::uint32_t slot = home(control, id);
  for (std::uint32_t tried = 0; tried <= mask; tried++, slot = (slot + 1) & mask) {
    std::uint32_t number = control.index()[slot].load(std::memory_order_acquire);
    if (number == kNone) return kNone;
    if (number < control.records() && control.record(number).id() == id) return number;
  }
  return kNone;
}

}  // namespace

std::uint32_t find(const Control& control, Id id) {
  const auto& version = control.header().index_version;
  for (int attempt = 0; attempt < 16; attempt++) {
    std::uint64_t before = version.load(std::memory_order_acquire);
    std::uint32_t number = probe(control, id);
    if (number != kNone) return number;
    // A miss counts only if no entry moved meanwhile.
    if (before % 2 == 0 && version.load(std::memory_order_acquire) == before) return kNone;
  }
  Locked lock(const_cast<Control&>(control));
  return probe(control, id);
}

std::uint32_t find_locked(const Control& control, Id id) { return probe(control, id); }

void index_insert(Control& control, std::uint32_t record) {
  std::uint32_t mask = control.index_mask();
  std::uint32_t slot = home(control, control.record(record).id());
  while (control.index()[slot].load(std::memory_order_relaxed) != kNone) slot = (slot + 1) & mask;
  control.index()[slot].store(record, std::memory_order_release);
}

void index_erase(Control& control, std::uint32_t record) {
  std::uint32_t mask = control.index_mask();
  auto* index = control.index();
  std::uint32_t hole = home(control, control.record(record).id());
  while (index[hole].load(std::memory_order_relaxed) != record) {
    if (index[hole].load(std::memory_order_relaxed) == kNone) return;
    hole = (hole + 1) & mask;
  }
  auto& version = control.header().index_version;
  version.fetch_add(1, std::memory_order_acq_rel);
  may_die();
  for (std::uint32_t next = (hole + 1) & mask;; next = (next + 1) & mask) {
    std::uint32_t moved = index[next].load(std::memory_order_relaxed);
    if (moved == kNone) break;
    // May fill the hole unless its home lies behind the hole.
    std::uint32_t distance = (next - home(control, control.record(moved).id())) & mask;
    if (distance >= ((next - hole) & mask)) {
      index[hole].store(moved, std::memory_order_release);
      may_die();
      hole = next;
    }
  }
  index[hole].store(kNone, std::memory_order_release);
  version.fetch_add(1, std::memory_order_release);
}

void index_clear(Control& control) {
  for (std::uint32_t slot = 0; slot <= control.index_mask(); slot++) {
    // Only what is not empty: the segment's untouched pages stay untouched.
    if (control.index()[slot].load(std::memory_order_relaxed) != kNone) {
      control.index()[slot].store(kNone, std::memory_order_release);
    }
  }
}

}  // namespace partita::store
