// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "joining.h"

#include <time.h>
#include <unistd.h>

#include <optional>

#include "admission.h"
#include "failure.h"

namespace partita::store {
namespace {

// Different processes wait differently long, lest they get into each other's way for ever.
void pause_a_moment() {
  timespec moment{0, 1'000'000 + (getpid() % 16) * 250'000};
  nanosleep(&moment, nullptr);
}

// Our byte says that we live. False: we were taken for dead before we could say so.
bool claim(Membership& member, Deadline deadline) {
  while (!try_lock_member(member.members.get(), member.client)) {
    if (deadline.passed()) return false;
    pause_a_moment();
  }
  const Client& client = member.control.header().clients[member.client];
  return client.active.load() != 0 && client.generation.load() == member.generation;
}

Membership make_arena(const MeetingPlace& place, std::uint64_t arena_bytes, Descriptor lease, Descriptor broker_lock) {
  Control control = Control::make(arena_bytes);
  ArenaMemory arena = ArenaMemory::make(arena_bytes);
  Welcome self = admit(control, getpid());
  return {std::move(control),     std::move(arena), std::move(lease),
          place.open_members(),   Descriptor(),     std::move(broker_lock),
          self.client,            self.generation,  self.token_high,
          self.token_low,         true};
}

// nullopt: the broker went away or is slow; ask again.
std::optional<Membership> join_over(const MeetingPlace& place, Descriptor connection, Deadline deadline) {
  if (!is_own_user(connection.get())) {
    throw Failure(PTC_FORBIDDEN, "the store at " + place.path() + " is brokered by another user's process");
  }
  Hello ask = hello(kJoin);
  if (!send_frame(connection.get(), &ask, sizeof ask, {})) return std::nullopt;
  Frame frame = receive_frame(connection.get(), deadline);
  std::optional<Welcome> welcome = parse_welcome(frame.bytes.data(), frame.bytes.size());
  if (!welcome) return std::nullopt;
  if (welcome->status != PTC_OK) throw Failure(welcome->status, "the store at " + place.path() + ": " + welcome->text);
  if (frame.descriptors.size() != kWelcomeFds) {
    throw Failure(PTC_STORAGE_FAILURE, "the arena's descriptors did not arrive: this process may have too many files open");
  }
  Control control = Control::attach(std::move(frame.descriptors[kControlFd]));
  ArenaMemory arena = ArenaMemory::attach(std::move(frame.descriptors[kWritableFd]),
                                          std::move(frame.descriptors[kReadableFd]), control.arena_bytes());
  return Membership{std::move(control),    std::move(arena),   std::move(frame.descriptors[kLeaseFd]),
                    place.open_members(),  std::move(connection), Descriptor(),
                    welcome->client,       welcome->generation, welcome->token_high,
                    welcome->token_low,    false};
}

}  // namespace

Hello Membership::rejoin_hello() const {
  Hello frame = hello(kRejoin);
  frame.client = client;
  frame.generation = generation;
  frame.token_high = token_high;
  frame.token_low = token_low;
  frame.arena_id_high = control.header().arena_id_high;
  frame.arena_id_low = control.header().arena_id_low;
  return frame;
}

Membership join(const MeetingPlace& place, std::uint64_t arena_bytes, Deadline deadline) {
  while (true) {
    if (Descriptor connection = place.connect(); connection.open()) {
      std::optional<Membership> member = join_over(place, std::move(connection), deadline.at_most_millis(2000));
      if (member && claim(*member, deadline)) return std::move(*member);
    } else if (Descriptor broker_lock = place.try_lock_broker(); broker_lock.open()) {
      // Nobody brokers. If the arena has members left, one of them will.
      if (Descriptor lease = place.try_lock_arena(); lease.open()) {
        Membership member = make_arena(place, arena_bytes, std::move(lease), std::move(broker_lock));
        if (claim(member, deadline)) return member;
      }
    }
    if (deadline.passed()) {
      throw Failure(PTC_TIMEOUT, "nobody let this process into the store at " + place.path() +
                                     " in time: is its broker stopped?");
    }
    pause_a_moment();
  }
}

}  // namespace partita::store
