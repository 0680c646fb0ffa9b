// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// What crosses the socket: one Hello, one Welcome, four descriptors; then nothing until one side is gone. Frames are
// messages of a SOCK_SEQPACKET socket. Nothing in them is believed before it was checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "deadline.h"
#include "descriptor.h"

namespace partita::store {

constexpr std::uint64_t kProtocolMagic = 0x304F5453'41505449;
constexpr std::uint32_t kJoin = 1;    // a process that is new here
constexpr std::uint32_t kRejoin = 2;  // one whose broker died

struct Hello {
  std::uint64_t magic;
  std::uint32_t version, kind;
  std::uint32_t client, generation;  // of a rejoin, else 0
  std::uint64_t token_high, token_low;
  std::uint64_t arena_id_high, arena_id_low;
};
static_assert(sizeof(Hello) == 56);

struct Welcome {
  std::uint64_t magic;
  std::uint32_t version;
  std::int32_t status;  // a ptc_status; unless it is PTC_OK, text says why and the rest is 0
  std::uint32_t client, generation;
  std::uint64_t token_high, token_low;
  char text[128];
};
static_assert(sizeof(Welcome) == 168);

// In this order, with the Welcome of a join.
enum { kControlFd, kWritableFd, kReadableFd, kLeaseFd, kWelcomeFds };

Hello hello(std::uint32_t kind);
std::optional<Hello> parse_hello(const void* bytes, std::size_t count);
std::optional<Welcome> parse_welcome(const void* bytes, std::size_t count);

// False: the other side is gone or slow.
bool send_frame(int socket, const void* bytes, std::size_t count, const std::vector<int>& descriptors);

struct Frame {
  std::vector<std::uint8_t> bytes;  // empty: the other side is gone
  std::vector<Descriptor> descriptors;
};
// Without waiting. nullopt: nothing there yet.
std::optional<Frame> receive_frame(int socket);
Frame receive_frame(int socket, Deadline deadline);

}  // namespace partita::store
