// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "broker.h"

#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "admission.h"
#include "failure.h"

namespace partita::store {
namespace {
constexpr std::size_t kMaxConnections = kMaxClients + 64;
constexpr int kHelloMillis = 1000;
constexpr int kIdleMillis = 1000;
constexpr int kQuestionMillis = 10;  // while a client is neither connected nor dead
}  // namespace

Broker::Broker(const MeetingPlace& place, Membership& member, OnReaped on_reaped)
    : member_(member), on_reaped_(std::move(on_reaped)), members_(place.open_members()), listener_(place.listen()) {
  member_.control.header().broker_pid.store(getpid());
}

void Broker::serve(int stop) {
  while (true) {
    bool questions = reap_the_dead(member_.control, members_.get(), connected(), on_reaped_);
    std::vector<pollfd> watched = {{stop, POLLIN, 0}, {listener_.get(), POLLIN, 0}};
    bool strangers = false;
    for (const Connection& connection : connections_) {
      watched.push_back({connection.socket.get(), POLLIN, 0});
      strangers |= connection.client < 0;
    }
    poll(watched.data(), watched.size(), questions || strangers ? kQuestionMillis : kIdleMillis);
    if (watched[0].revents != 0) return;
    for (std::size_t i = 0; i < connections_.size(); i++) {
      Connection& connection = connections_[i];
      bool over = watched[i + 2].revents != 0 && !hear(connection);
      over |= connection.client < 0 && connection.hello_by.passed();
      if (over) {
        connection.client = -1;
        connection.socket.reset();
      }
    }
    connections_.erase(std::remove_if(connections_.begin(), connections_.end(),
                                      [](const Connection& c) { return !c.socket.open(); }),
                       connections_.end());
    if (watched[1].revents != 0) accept_all();
  }
}

void Broker::accept_all() {
  while (connections_.size() < kMaxConnections) {
    Descriptor socket(accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
    if (!socket.open()) return;
    if (!is_own_user(socket.get())) {
      Welcome no = refusal(PTC_FORBIDDEN, "another user's process may not join");
      send_frame(socket.get(), &no, sizeof no, {});
      continue;
    }
    connections_.push_back({std::move(socket), -1, Deadline::after_millis(kHelloMillis)});
  }
}

bool Broker::hear(Connection& connection) {
  std::optional<Frame> frame = receive_frame(connection.socket.get());
  if (!frame) return true;
  // A client that says more than Hello is as good as gone; if it lives, its pins stay until it does not.
  if (frame->bytes.empty() || connection.client >= 0) return false;
  try {
    return answer(connection, *frame);
  } catch (const Failure&) {  // the lock was not to be had
    return false;
  }
}

bool Broker::answer(Connection& connection, const Frame& frame) {
  std::optional<Hello> hello = parse_hello(frame.bytes.data(), frame.bytes.size());
  Welcome welcome = refusal(PTC_INVALID_ARGUMENT, "not a Hello of this version");
  std::vector<int> descriptors;
  if (hello && hello->kind == kJoin) {
    welcome = admit(member_.control, peer_pid(connection.socket.get()));
    descriptors = {member_.control.descriptor(), member_.arena.writable_descriptor(),
                   member_.arena.readable_descriptor(), member_.lease.get()};
  } else if (hello && (connected() >> hello->client & 1) != 0) {
    welcome = refusal(PTC_CONFLICT, "this client is connected already");
  } else if (hello) {
    welcome = readmit(member_.control, *hello);
  }
  if (welcome.status != PTC_OK) descriptors.clear();
  if (welcome.status == PTC_OK) connection.client = static_cast<int>(welcome.client);
  return send_frame(connection.socket.get(), &welcome, sizeof welcome, descriptors) && welcome.status == PTC_OK;
}

std::uint64_t Broker::connected() const {
  std::uint64_t clients = std::uint64_t{1} << member_.client;
  for (const Connection& connection : connections_) {
    if (connection.client >= 0) clients |= std::uint64_t{1} << connection.client;
  }
  return clients;
}

}  // namespace partita::store
