// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// One process's handle on an arena. What it promises is written in partita_store.h.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "budgets.h"
#include "id_source.h"
#include "joining.h"
#include "pins.h"
#include "spill_folder.h"
#include "waiting.h"
#include "warden.h"

namespace partita::store {

// When the pages of the arena are touched.
enum class Prefaulting { kNow, kOnFirstCreate, kNever };

class Store {
 public:
  Store(const std::string& folder, std::uint64_t arena_bytes, const std::string& spill_folder, Prefaulting prefaulting,
        Deadline deadline);
  ~Store();

  struct NewObject {
    std::uint32_t budget = 0;
    Id id;  // 0,0: a random one
    std::uint64_t bytes = 0;
    const void* metadata = nullptr;
    std::uint64_t metadata_bytes = 0;
  };
  ptc_writing create(const NewObject& object, Deadline deadline);
  void seal(std::int64_t writer);
  void abandon(std::int64_t writer);

  ptc_stored get(Id id, Deadline deadline);
  void release(std::int64_t pin);
  bool contains(Id id);
  std::int32_t wait(const std::int64_t* ids, std::int32_t count, std::int32_t needed, Deadline deadline,
                    std::int8_t* ready);
  void remove(Id id);

  Control& control() { return control_; }
  const ArenaMemory& arena() const { return member_.arena; }

 private:
  // Room for an object, or nullopt with what is short. Under the lock.
  std::optional<std::uint32_t> try_take(std::uint32_t budget, std::uint64_t granules, Shortage& missing);
  // Spills the least recently used objects of a budget. False: there is nothing to spill.
  bool make_room(const Shortage& missing);
  std::vector<std::uint32_t> choose_victims(const Shortage& missing);
  void spill(std::uint32_t record);
  // Brings a spilled object back; false: no room yet.
  bool restore(Id id, Shortage& missing);
  void adopt_spilled_objects();
  void sweep_after(std::uint32_t dead_client);
  [[noreturn]] void no_room(std::uint32_t budget, std::uint64_t bytes, const Shortage& missing);
  std::string text_of(Id id) const;
  void room_was_made();

  MeetingPlace place_;
  Membership member_;
  Control& control_;
  std::uint8_t client_;
  std::unique_ptr<SpillFolder> spill_;
  Pins pins_;
  IdSource ids_;
  WaitPoint sealed_, space_;
  Prefaulting prefaulting_;
  std::once_flag first_create_;
  std::optional<Prefault> prefault_;
  std::optional<Warden> warden_;
};

}  // namespace partita::store
