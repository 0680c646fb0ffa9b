// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "store.h"

#include <cstdio>
#include <cstring>

#include "admission.h"
#include "extents.h"
#include "failure.h"
#include "index.h"
#include "life.h"

namespace partita::store {
namespace {

constexpr int kRounds = 64;  // of making room, after the time is up

// A writer's token: [generation 31][record 32].
std::int64_t token_of(std::uint32_t record, std::uint32_t generation) {
  return static_cast<std::int64_t>(std::uint64_t{generation & 0x7FFFFFFF} << 32 | record);
}

}  // namespace

Store::Store(const std::string& folder, std::uint64_t arena_bytes, const std::string& spill_folder,
             Prefaulting prefaulting, Deadline deadline)
    : place_(folder),
      member_(join(place_, arena_bytes, deadline)),
      control_(member_.control),
      client_(static_cast<std::uint8_t>(member_.client)),
      spill_(spill_folder.empty() ? nullptr : new SpillFolder(spill_folder, client_)),
      pins_(control_, client_),
      sealed_(control_.header().sealed, client_),
      space_(control_.header().space, client_),
      prefaulting_(prefaulting) {
  if (member_.made && spill_) adopt_spilled_objects();
  if (prefaulting == Prefaulting::kNow) prefault_.emplace(member_.arena);
  warden_.emplace(place_, member_, [this](std::uint32_t client) { sweep_after(client); });
}

Store::~Store() {
  warden_.reset();
  prefault_.reset();
  try {
    {
      Locked lock(control_);
      leave(control_, client_);
    }
    announce(control_.header().space);
    announce(control_.header().sealed);
  } catch (const std::exception&) {
    // The lock was not to be had. The next broker finds us gone and cleans up.
  }
}

std::optional<std::uint32_t> Store::try_take(std::uint32_t budget, std::uint64_t granules, Shortage& missing) {
  missing = shortage(control_, budget, granules * kGranule);
  if (missing.exists) return std::nullopt;
  std::uint32_t record = take_extent(control_, granules);
  if (record != kNone) return record;
  missing = {true, 0, granules * kGranule};  // enough bytes perhaps, but not in one piece
  return std::nullopt;
}

ptc_writing Store::create(const NewObject& object, Deadline deadline) {
  if (prefaulting_ == Prefaulting::kOnFirstCreate) {
    std::call_once(first_create_, [this] { prefault_.emplace(member_.arena); });
  }
  std::uint64_t granules = granules_for(object.bytes, object.metadata_bytes);
  bool random = object.id == Id{};
  Id id = random ? ids_.next() : object.id;
  std::optional<WaitPoint::Waiter> waiter;
  int rounds = 0;
  while (true) {
    if (waiter) waiter->look();
    Shortage missing;
    {
      Locked lock(control_);
      require_budget(control_, object.budget);
      if (granules * kGranule > tightest_limit(control_, object.budget)) {
        throw Failure(PTC_OUT_OF_MEMORY, "an object of " + human_bytes(granules * kGranule) +
                                             " can never fit: the limit is " +
                                             human_bytes(tightest_limit(control_, object.budget)));
      }
      if (!random && find_locked(control_, id) != kNone) {
        throw Failure(PTC_CONFLICT, "object " + text_of(id) + " exists already");
      }
      if (std::optional<std::uint32_t> record = try_take(object.budget, granules, missing)) {
        try {
          begin_object(control_, *record, id, object.bytes, object.metadata_bytes, object.budget, client_);
        } catch (...) {
          give_extent(control_, *record);
          throw;
        }
        char* data = member_.arena.writable() + control_.record(*record).first_granule() * kGranule;
        if (object.metadata_bytes > 0) {
          std::memcpy(data + metadata_offset(object.bytes), object.metadata, object.metadata_bytes);
        }
        return {static_cast<std::int64_t>(id.high), static_cast<std::int64_t>(id.low), data,
                static_cast<std::int64_t>(object.bytes), token_of(*record, word_of(control_, *record).generation)};
      }
    }
    // Making room is no waiting, but others may take it again and again.
    if ((rounds++ < kRounds || !deadline.passed()) && make_room(missing)) continue;
    if (deadline.passed()) no_room(object.budget, granules * kGranule, missing);
    if (!waiter) {
      waiter.emplace(space_);
      continue;  // look once more: what was announced before is not heard
    }
    waiter->wait(deadline);
  }
}

void Store::seal(std::int64_t writer) {
  auto number = static_cast<std::uint32_t>(writer);
  if (writer <= 0 || number == kNone || number >= control_.records()) {
    throw Failure(PTC_INVALID_ARGUMENT, "no such writer");
  }
  Record& r = control_.record(number);
  Word word = word_of(control_, number);
  std::uint64_t expected = word.bits();
  bool ours = word.state == State::kCreated && word.client == client_ && token_of(number, word.generation) == writer;
  if (!ours || !r.word.compare_exchange_strong(expected, word.with(State::kSealed).bits(), std::memory_order_seq_cst)) {
    throw Failure(PTC_CONFLICT, "this writer was sealed or aborted before");
  }
  announce(control_.header().sealed);
  if (control_.header().space.waiting.load(std::memory_order_seq_cst) != 0) room_was_made();
}

void Store::abandon(std::int64_t writer) {
  auto number = static_cast<std::uint32_t>(writer);
  if (writer <= 0 || number == kNone || number >= control_.records()) {
    throw Failure(PTC_INVALID_ARGUMENT, "no such writer");
  }
  {
    Locked lock(control_);
    Word word = word_of(control_, number);
    std::uint64_t expected = word.bits();
    bool ours = word.state == State::kCreated && word.client == client_ && token_of(number, word.generation) == writer;
    // By exchange: sealing takes no lock.
    if (!ours || !control_.record(number).word.compare_exchange_strong(
                     expected, word.with(State::kDoomed).bits(), std::memory_order_seq_cst)) {
      throw Failure(PTC_CONFLICT, "this writer was sealed or aborted before");
    }
    index_erase(control_, number);
    free_object(control_, number);
  }
  room_was_made();
  announce(control_.header().sealed);
}

ptc_stored Store::get(Id id, Deadline deadline) {
  std::optional<WaitPoint::Waiter> sealed, space;
  int rounds = 0;
  while (true) {
    if (sealed) sealed->look();
    if (space) space->look();
    std::uint32_t number = find(control_, id);
    if (number != kNone) {
      Pins::Added added = pins_.add(number, id);
      if (added.token != 0) {
        Record& r = control_.record(number);
        r.last_used.store(control_.header().clock.load(std::memory_order_relaxed), std::memory_order_relaxed);
        const char* data = member_.arena.readable() + r.first_granule() * kGranule;
        std::uint64_t bytes = r.bytes(), metadata_bytes = r.metadata_bytes();
        return {data, static_cast<std::int64_t>(bytes), data + metadata_offset(bytes),
                static_cast<std::int64_t>(metadata_bytes), added.token};
      }
      if (added.collect) {
        Locked lock(control_);
        collect_doomed(control_, number, added.generation);
      }
    }
    Word word;
    {
      Locked lock(control_);
      number = find_locked(control_, id);
      word = number == kNone ? Word{} : word_of(control_, number);
    }
    if (word.readable()) continue;
    Shortage missing;
    if (word.state == State::kSpilled && (rounds++ < kRounds || !deadline.passed())) {
      if (restore(id, missing) || make_room(missing)) continue;
    }
    if (deadline.passed()) {
      if (word.state == State::kSpilled) {
        no_room(word.budget, granules_for(control_.record(number).bytes(), 0) * kGranule, missing);
      }
      if (number == kNone) throw Failure(PTC_NOT_FOUND, "there is no object " + text_of(id));
      throw Failure(PTC_TIMEOUT, "object " + text_of(id) + " is not sealed yet");
    }
    if (!sealed) {
      sealed.emplace(sealed_);
      continue;
    }
    if (word.state == State::kSpilled && !space) {
      space.emplace(space_);
      continue;
    }
    (word.state == State::kSpilled ? *space : *sealed).wait(deadline);
  }
}

void Store::release(std::int64_t pin) {
  Pins::Removed removed = pins_.remove(pin);
  if (removed.record == kNone) throw Failure(PTC_INVALID_ARGUMENT, "no such pin, or it was released before");
  if (!removed.last) return;
  if (word_of(control_, removed.record).state == State::kDoomed) {
    {
      Locked lock(control_);
      collect_doomed(control_, removed.record, removed.generation);
    }
    room_was_made();
  } else if (control_.header().space.waiting.load(std::memory_order_seq_cst) != 0) {
    room_was_made();  // it may be spilled now
  }
}

bool Store::contains(Id id) {
  std::uint32_t number = find(control_, id);
  if (number == kNone) return false;
  Word before = word_of(control_, number);
  bool same = control_.record(number).id() == id && word_of(control_, number).bits() == before.bits();
  if (!same) {
    Locked lock(control_);
    number = find_locked(control_, id);
    before = number == kNone ? Word{} : word_of(control_, number);
  }
  return before.findable() && before.state != State::kCreated;
}

std::int32_t Store::wait(const std::int64_t* ids, std::int32_t count, std::int32_t needed, Deadline deadline,
                         std::int8_t* ready) {
  std::memset(ready, 0, static_cast<std::size_t>(count));
  std::int32_t found = 0;
  std::optional<WaitPoint::Waiter> waiter;
  while (true) {
    if (waiter) waiter->look();
    for (std::int32_t i = 0; i < count; i++) {
      if (ready[i] != 0) continue;
      Id id{static_cast<std::uint64_t>(ids[2 * i]), static_cast<std::uint64_t>(ids[2 * i + 1])};
      if (!contains(id)) continue;
      ready[i] = 1;
      found++;
    }
    if (found >= needed || deadline.passed()) return found;
    if (!waiter) {
      waiter.emplace(sealed_);
    } else {
      waiter->wait(deadline);
    }
  }
}

void Store::remove(Id id) {
  Deadline patience = Deadline::after_millis(10'000);
  std::optional<WaitPoint::Waiter> waiter;
  std::optional<SpillFile> file;
  while (true) {
    if (waiter) waiter->look();
    {
      Locked lock(control_);
      std::uint32_t number = find_locked(control_, id);
      if (number == kNone) throw Failure(PTC_NOT_FOUND, "there is no object " + text_of(id));
      Word word = word_of(control_, number);
      if (word.state == State::kCreated) {
        throw Failure(PTC_CONFLICT, "object " + text_of(id) + " is being written by process " +
                                        std::to_string(control_.header().clients[word.client % kMaxClients].pid));
      }
      if (word.state != State::kRestoring) {
        bool on_disk = (control_.record(number).flags.load() & kMayBeOnDisk) != 0;
        doom_object(control_, number);
        // After the object: who dies in between leaves a file that nobody misses, and a sweep finds it.
        if (on_disk && spill_) file.emplace(spill_->remove(id));
        break;
      }
    }
    if (patience.passed()) throw Failure(PTC_TIMEOUT, "object " + text_of(id) + " has been restored for 10 s");
    if (!waiter) {
      waiter.emplace(sealed_);
    } else {
      waiter->wait(patience);
    }
  }
  room_was_made();
}

void Store::room_was_made() { announce(control_.header().space); }

void Store::no_room(std::uint32_t budget, std::uint64_t bytes, const Shortage& missing) {
  Locked lock(control_);
  std::string in = budget == 0 ? "" : std::string(" in budget '") + control_.header().budgets[budget].name + "'";
  throw Failure(PTC_TIMEOUT, "no room for " + human_bytes(bytes) + in + " in the time given: " +
                                 who_holds(control_, missing.budget));
}

std::string Store::text_of(Id id) const {
  char text[40];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(id.high),
                static_cast<unsigned long long>(id.low));
  return text;
}

}  // namespace partita::store
