// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The part of Store that makes room: the least recently used objects that nobody holds go to the spill folder, and
// come back when they are asked for. Files are written and read without the lock.
#include <algorithm>

#include "extents.h"
#include "failure.h"
#include "index.h"
#include "life.h"
#include "store.h"

namespace partita::store {
namespace {
constexpr std::uint64_t kLeastSpill = std::uint64_t{1} << 20;  // small objects go together: a search costs O(n)
}

bool Store::make_room(const Shortage& missing) {
  if (!missing.exists || !spill_) return false;
  std::vector<std::uint32_t> victims = choose_victims(missing);
  for (std::size_t i = 0; i < victims.size(); i++) {
    try {
      spill(victims[i]);
    } catch (...) {
      Locked lock(control_);
      for (; i < victims.size(); i++) {
        Word word = word_of(control_, victims[i]);
        if (word.state == State::kSpilling && word.client == client_) stop_spilling(control_, victims[i]);
      }
      throw;
    }
  }
  return !victims.empty();
}

std::vector<std::uint32_t> Store::choose_victims(const Shortage& missing) {
  struct Candidate {
    std::uint32_t age, record;
  };
  std::vector<Candidate> candidates;
  std::vector<std::uint32_t> victims;
  Locked lock(control_);
  const Header& header = control_.header();
  std::uint32_t now = header.clock.load(std::memory_order_relaxed);
  for (std::uint32_t number = 1; number < header.records_touched; number++) {
    const Record& r = control_.record(number);
    Word word = word_of(control_, number);
    if (word.state != State::kSealed || r.holders.load(std::memory_order_relaxed) != 0) continue;
    if (!belongs_to(header, word.budget, missing.budget)) continue;
    candidates.push_back({now - r.last_used.load(std::memory_order_relaxed), number});
  }
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) { return a.age > b.age; });
  victims.reserve(candidates.size());
  std::uint64_t wanted = std::max(missing.bytes, std::min(kLeastSpill, control_.arena_bytes() / 16));
  std::uint64_t sum = 0;
  for (const Candidate& candidate : candidates) {
    if (sum >= wanted) break;
    Record& r = control_.record(candidate.record);
    Word word = word_of(control_, candidate.record);
    r.word.store(word.with(State::kSpilling, client_).bits(), std::memory_order_seq_cst);
    victims.push_back(candidate.record);
    sum += r.granules() * kGranule;
  }
  return victims;
}

void Store::spill(std::uint32_t number) {
  Record& r = control_.record(number);
  Id id;
  std::uint32_t generation = 0;
  std::uint64_t bytes = 0, metadata_bytes = 0;
  const char* content = nullptr;
  std::string budget;
  bool written_before = false;
  auto still_ours = [&] {
    Word word = word_of(control_, number);
    return word.state == State::kSpilling && word.client == client_;
  };
  {
    Locked lock(control_);
    if (!still_ours()) return;  // deleted meanwhile
    Word word = word_of(control_, number);
    generation = word.generation;
    id = r.id();
    bytes = r.bytes();
    metadata_bytes = r.metadata_bytes();
    content = member_.arena.readable() + r.first_granule() * kGranule;
    budget = control_.header().budgets[word.budget].name;
    written_before = (r.flags.load() & kMayBeOnDisk) != 0 && spill_->has(id, bytes, metadata_bytes);
  }
  std::optional<SpillFile> file;
  if (!written_before) file.emplace(spill_->write(id, content, bytes, metadata_bytes, budget.c_str()));
  if (auto* injected = inject_while_spilling.exchange(nullptr)) injected();
  {
    Locked lock(control_);
    if (!still_ours() || word_of(control_, number).generation != generation) return;
    r.flags.store(kMayBeOnDisk);
    if (file) file->commit();
    end_spilling(control_, number);
  }
  room_was_made();
}

bool Store::restore(Id id, Shortage& missing) {
  std::uint32_t number = kNone;
  {
    Locked lock(control_);
    number = find_locked(control_, id);
    if (number == kNone || word_of(control_, number).state != State::kSpilled) return true;  // look again
    Record& r = control_.record(number);
    if (!spill_) throw Failure(PTC_CONFLICT, "object " + text_of(id) + " is spilled, and this process has no spill folder");
    std::optional<std::uint32_t> taken =
        try_take(word_of(control_, number).budget, granules_for(r.bytes(), r.metadata_bytes()), missing);
    if (!taken) return false;
    begin_restoring(control_, number, *taken, client_);
  }
  Record& r = control_.record(number);
  try {
    spill_->read(id, member_.arena.writable() + r.first_granule() * kGranule, r.bytes(), r.metadata_bytes());
  } catch (...) {
    {
      Locked lock(control_);
      stop_restoring(control_, number);
    }
    room_was_made();
    announce(control_.header().sealed);
    throw;
  }
  {
    Locked lock(control_);
    end_restoring(control_, number);
  }
  announce(control_.header().sealed);
  return true;
}

void Store::adopt_spilled_objects() {
  spill_->adopt([this](const SpillHeader& header) {
    Locked lock(control_);
    std::uint32_t budget = 0;
    if (header.budget[0] != 0) {
      budget = find_budget(control_, header.budget);
      try {
        if (budget == 0) budget = set_budget(control_, header.budget, 0);
      } catch (const Failure&) {
        budget = 0;
      }
    }
    try {
      adopt_spilled(control_, {header.id_high, header.id_low}, header.bytes, header.metadata_bytes, budget);
    } catch (const Failure&) {
      // More than this arena can count: the file stays for the next.
    }
  });
}

void Store::sweep_after(std::uint32_t dead_client) {
  if (!spill_) return;
  spill_->sweep(dead_client, [this](Id id) {
    Locked lock(control_);
    return find_locked(control_, id) != kNone;
  });
}

}  // namespace partita::store
