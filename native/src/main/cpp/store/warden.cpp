// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "warden.h"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "broker.h"
#include "failure.h"
#include "threads.h"

namespace partita::store {

Warden::Warden(const MeetingPlace& place, Membership& member, OnReaped on_reaped)
    : place_(place), member_(member), on_reaped_(std::move(on_reaped)) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) fail_with_errno("making a pipe");
  stop_read_.reset(ends[0]);
  stop_write_.reset(ends[1]);
  thread_ = quiet_thread([this] { run(); });
}

Warden::~Warden() {
  stop_write_.reset();  // the other end becomes readable
  thread_.join();
}

bool Warden::stopped(int millis) const {
  pollfd stop{stop_read_.get(), POLLIN, 0};
  return poll(&stop, 1, millis) > 0;
}

void Warden::run() {
  while (!stopped(0)) {
    try {
      if (member_.broker_lock.open()) {
        broker_until_stopped();
      } else if (member_.connection.open()) {
        watch_the_broker();
      } else {
        look_for_a_broker();
      }
    } catch (const std::exception&) {  // no descriptors, no memory, a slow lock: it may be better in a moment
      if (stopped(20)) return;
    }
  }
}

void Warden::broker_until_stopped() {
  Broker broker(place_, member_, on_reaped_);
  broker.serve(stop_read_.get());
}

void Warden::watch_the_broker() {
  pollfd watched[] = {{stop_read_.get(), POLLIN, 0}, {member_.connection.get(), POLLIN, 0}};
  poll(watched, 2, 1000);
  // It has nothing more to say: whatever comes is its end.
  if (watched[1].revents != 0) member_.connection.reset();
}

void Warden::look_for_a_broker() {
  if (Descriptor lock = place_.try_lock_broker(); lock.open()) {
    member_.broker_lock = std::move(lock);
    return;
  }
  if (Descriptor connection = place_.connect(); connection.open() && is_own_user(connection.get())) {
    Hello ask = member_.rejoin_hello();
    if (send_frame(connection.get(), &ask, sizeof ask, {})) {
      Frame frame = receive_frame(connection.get(), Deadline::after_millis(500));
      std::optional<Welcome> welcome = parse_welcome(frame.bytes.data(), frame.bytes.size());
      if (welcome && welcome->status == PTC_OK) {
        member_.connection = std::move(connection);
        return;
      }
    }
  }
  stopped(2);
}

}  // namespace partita::store
