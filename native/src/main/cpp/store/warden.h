// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// The thread that keeps a member a member: brokers, or stays connected to who does and takes over when it dies.
#pragma once

#include <thread>

#include "admission.h"
#include "joining.h"

namespace partita::store {

class Warden {
 public:
  Warden(const MeetingPlace& place, Membership& member, OnReaped on_reaped);
  ~Warden();

 private:
  void run();
  bool stopped(int millis) const;
  void broker_until_stopped();
  void watch_the_broker();
  void look_for_a_broker();

  const MeetingPlace& place_;
  Membership& member_;
  OnReaped on_reaped_;
  Descriptor stop_read_, stop_write_;
  std::thread thread_;
};

}  // namespace partita::store
