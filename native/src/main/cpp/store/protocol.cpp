// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "protocol.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

#include "layout.h"

namespace partita::store {
namespace {
constexpr std::size_t kMaxFrame = 512;
constexpr std::size_t kMaxDescriptors = 8;
}  // namespace

Hello hello(std::uint32_t kind) {
  Hello frame{};
  frame.magic = kProtocolMagic;
  frame.version = kLayoutVersion;
  frame.kind = kind;
  return frame;
}

std::optional<Hello> parse_hello(const void* bytes, std::size_t count) {
  Hello frame;
  if (count != sizeof frame) return std::nullopt;
  std::memcpy(&frame, bytes, sizeof frame);
  if (frame.magic != kProtocolMagic || frame.version != kLayoutVersion) return std::nullopt;
  if (frame.kind != kJoin && frame.kind != kRejoin) return std::nullopt;
  if (frame.client >= kMaxClients) return std::nullopt;
  return frame;
}

std::optional<Welcome> parse_welcome(const void* bytes, std::size_t count) {
  Welcome frame;
  if (count != sizeof frame) return std::nullopt;
  std::memcpy(&frame, bytes, sizeof frame);
  if (frame.magic != kProtocolMagic || frame.version != kLayoutVersion || frame.client >= kMaxClients) return std::nullopt;
  frame.text[sizeof frame.text - 1] = 0;
  return frame;
}

bool send_frame(int socket, const void* bytes, std::size_t count, const std::vector<int>& descriptors) {
  iovec part{const_cast<void*>(bytes), count};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxDescriptors)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (!descriptors.empty()) {
    message.msg_control = control;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * descriptors.size());
    cmsghdr* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * descriptors.size());
    std::memcpy(CMSG_DATA(header), descriptors.data(), sizeof(int) * descriptors.size());
  }
  return sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(count);
}

std::optional<Frame> receive_frame(int socket) {
  Frame frame;
  frame.bytes.resize(kMaxFrame);
  iovec part{frame.bytes.data(), frame.bytes.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int) * kMaxDescriptors)];
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control;
  message.msg_controllen = sizeof control;
  ssize_t got = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  if (got < 0 && (errno == EAGAIN || errno == EINTR)) return std::nullopt;
  if (got < 0) got = 0;
  for (cmsghdr* header = CMSG_FIRSTHDR(&message); got > 0 && header != nullptr; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    for (std::size_t at = CMSG_LEN(0); at + sizeof(int) <= header->cmsg_len; at += sizeof(int)) {
      int fd;
      std::memcpy(&fd, reinterpret_cast<char*>(header) + at, sizeof fd);
      frame.descriptors.emplace_back(fd);
    }
  }
  // More descriptors than fit, or a table of descriptors that is full: the kernel dropped some.
  if ((message.msg_flags & MSG_CTRUNC) != 0) frame.descriptors.clear();
  frame.bytes.resize(static_cast<std::size_t>(got));
  return frame;
}

Frame receive_frame(int socket, Deadline deadline) {
  while (true) {
    pollfd one{socket, POLLIN, 0};
    poll(&one, 1, static_cast<int>(deadline.at_most_millis(1000).remaining_millis()) + 1);
    if (std::optional<Frame> frame = receive_frame(socket)) return std::move(*frame);
    if (deadline.passed()) return {};
  }
}

}  // namespace partita::store
