// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Lets processes into the arena, and cleans up after those that die. Keeps nothing that a successor would need.
#pragma once

#include <vector>

#include "admission.h"
#include "joining.h"

namespace partita::store {

class Broker {
 public:
  Broker(const MeetingPlace& place, Membership& member, OnReaped on_reaped);
  // Until `stop` becomes readable.
  void serve(int stop);

 private:
  struct Connection {
    Descriptor socket;
    int client = -1;  // -1: has not said Hello yet
    Deadline hello_by;
  };

  void accept_all();
  // False: the connection is over.
  bool hear(Connection& connection);
  bool answer(Connection& connection, const Frame& frame);
  std::uint64_t connected() const;

  Membership& member_;
  OnReaped on_reaped_;
  Descriptor members_;  // an open file of our own: see MeetingPlace::open_members
  Descriptor listener_;
  std::vector<Connection> connections_;
};

}  // namespace partita::store
