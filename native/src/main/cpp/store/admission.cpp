// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "admission.h"

#include <sys/random.h>

#include <cstdio>

#include "failure.h"
#include "life.h"
#include "meeting_place.h"

namespace partita::store {
namespace {

Welcome welcome(std::uint32_t number, const Client& client) {
  Welcome frame{};
  frame.magic = kProtocolMagic;
  frame.version = kLayoutVersion;
  frame.client = number;
  frame.generation = client.generation.load();
  frame.token_high = client.token_high;
  frame.token_low = client.token_low;
  return frame;
}

}  // namespace

Welcome refusal(std::int32_t status, const std::string& text) {
  Welcome frame{};
  frame.magic = kProtocolMagic;
  frame.version = kLayoutVersion;
  frame.status = status;
  std::snprintf(frame.text, sizeof frame.text, "%s", text.c_str());
  return frame;
}

Welcome admit(Control& control, std::int32_t pid) {
  std::uint64_t token[2];
  if (getrandom(token, sizeof token, 0) != sizeof token) return refusal(PTC_INTERNAL, "no random numbers");
  Locked lock(control);
  for (std::uint32_t number = 0; number < kMaxClients; number++) {
    Client& client = control.header().clients[number];
    if (client.active.load() != 0) continue;
    client.token_high = token[0];
    client.token_low = token[1];
    client.pid = pid;
    client.generation.fetch_add(1);
    client.active.store(1);
    return welcome(number, client);
  }
  return refusal(PTC_CONFLICT, "the arena has 64 clients already");
}

Welcome readmit(Control& control, const Hello& hello) {
  Locked lock(control);
  const Header& header = control.header();
  if (hello.client >= kMaxClients) return refusal(PTC_FORBIDDEN, "no such client");
  const Client& client = header.clients[hello.client];
  bool same = client.active.load() != 0 && client.generation.load() == hello.generation &&
              client.token_high == hello.token_high && client.token_low == hello.token_low &&
              header.arena_id_high == hello.arena_id_high && header.arena_id_low == hello.arena_id_low;
  if (!same) return refusal(PTC_FORBIDDEN, "this client is not known here");
  return welcome(hello.client, client);
}

void leave(Control& control, std::uint32_t number) {
  reap(control, number);
  control.header().clients[number].active.store(0);
}

bool reap_the_dead(Control& control, int members, std::uint64_t connected, const OnReaped& on_reaped) {
  bool open_questions = false;
  bool reaped = false;
  for (std::uint32_t number = 0; number < kMaxClients; number++) {
    Client& client = control.header().clients[number];
    if (client.active.load() == 0 || (connected >> number & 1) != 0) continue;
    // Holding its byte ourselves, it cannot come to life while we reap it.
    if (!try_lock_member(members, number)) {
      open_questions = true;
      continue;
    }
    bool was_active = false;
    {
      Locked lock(control);
      was_active = client.active.load() != 0;
      if (was_active) {
        leave(control, number);
        control.header().counters.reaped++;
      }
    }
    if (was_active) on_reaped(number);
    reaped |= was_active;
    unlock_member(members, number);
  }
  if (reaped) {
    announce(control.header().space);
    announce(control.header().sealed);
  }
  return open_questions;
}

}  // namespace partita::store
