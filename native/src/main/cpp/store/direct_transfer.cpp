// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "direct_transfer.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "partita_core.h"

namespace partita::store {
namespace {

constexpr std::uint64_t kCached = 256 << 10;  // what is checksummed and copied while it is in the cache

std::int32_t copy_and_sum(std::int32_t crc, char* to, const char* from, std::uint64_t bytes) {
  for (std::uint64_t done = 0; done < bytes;) {
    std::uint64_t step = std::min(kCached, bytes - done);
    crc = ptc_crc32c(crc, from + done, static_cast<std::int64_t>(step));
    std::memcpy(to + done, from + done, step);
    done += step;
  }
  return crc;
}

std::uint64_t whole_pages(std::uint64_t bytes) {
  return (bytes + DirectTransfer::kPage - 1) / DirectTransfer::kPage * DirectTransfer::kPage;
}

}  // namespace

DirectTransfer::DirectTransfer() {
  if (syscall(SYS_io_setup, kUnderWay, &context_) != 0) context_ = 0;
  if (context_ == 0) return;
  buffers_ = static_cast<char*>(std::aligned_alloc(kPiece, kUnderWay * kPiece));
  if (buffers_ != nullptr) madvise(buffers_, kUnderWay * kPiece, MADV_HUGEPAGE);  // refused: small pages, slower
}

DirectTransfer::~DirectTransfer() {
  if (context_ != 0) syscall(SYS_io_destroy, context_);
  std::free(buffers_);
}

std::optional<std::int32_t> DirectTransfer::write(int fd, const char* from, std::uint64_t bytes, std::uint64_t at) {
  std::int32_t crc = 0;
  bool good = usable();
  int slot = 0;
  for (std::uint64_t done = 0; good && done < bytes; slot = (slot + 1) % kUnderWay) {
    good = await(slot);
    if (!good) break;
    std::uint64_t step = std::min(kPiece, bytes - done), padded = whole_pages(step);
    crc = copy_and_sum(crc, buffer(slot), from + done, step);
    std::memset(buffer(slot) + step, 0, padded - step);
    good = submit(slot, fd, IOCB_CMD_PWRITE, padded, at + done);
    done += step;
  }
  good = await_all() && good;
  return good ? std::optional(crc) : std::nullopt;
}

std::uint64_t DirectTransfer::read(int fd, char* into, std::uint64_t bytes, std::uint64_t at, std::int32_t& crc) {
  std::uint64_t done = 0, asked = 0;
  bool good = usable();
  crc = 0;
  while (good && done < bytes) {
    while (good && asked < bytes && asked < done + kUnderWay * kPiece) {
      std::uint64_t step = std::min(kPiece, bytes - asked);
      good = submit(static_cast<int>(asked / kPiece % kUnderWay), fd, IOCB_CMD_PREAD, whole_pages(step), at + asked);
      if (good) asked += step;
    }
    int slot = static_cast<int>(done / kPiece % kUnderWay);
    if (done == asked || !await(slot)) break;
    std::uint64_t step = std::min(kPiece, bytes - done);
    crc = copy_and_sum(crc, into + done, buffer(slot), step);
    done += step;
  }
  await_all();
  return done;
}

bool DirectTransfer::submit(int slot, int fd, int operation, std::uint64_t bytes, std::uint64_t at) {
  iocb& request = requests_[slot];
  request = {};
  request.aio_data = static_cast<std::uint64_t>(slot);
  request.aio_lio_opcode = static_cast<std::uint16_t>(operation);
  request.aio_fildes = static_cast<std::uint32_t>(fd);
  request.aio_buf = reinterpret_cast<std::uintptr_t>(buffer(slot));
  request.aio_nbytes = bytes;
  request.aio_offset = static_cast<std::int64_t>(at);
  iocb* one = &request;
  under_way_[slot] = syscall(SYS_io_submit, context_, 1, &one) == 1;
  return under_way_[slot];
}

// Until nothing of the slot is under way; false if its piece was not moved whole.
bool DirectTransfer::await(int slot) {
  while (under_way_[slot]) {
    io_event event;
    long got = syscall(SYS_io_getevents, context_, 1, 1, &event, nullptr);
    if (got == 1) {
      results_[event.data] = event.res;
      under_way_[event.data] = false;
    } else if (got >= 0 || errno != EINTR) {
      give_up();
    }
  }
  std::uint64_t wanted = requests_[slot].aio_nbytes;
  requests_[slot].aio_nbytes = 0;
  return wanted == 0 || results_[slot] == static_cast<std::int64_t>(wanted);
}

bool DirectTransfer::await_all() {
  bool all = true;
  for (int slot = 0; slot < kUnderWay; slot++) all = await(slot) && all;
  return all;
}

// Not seen yet. The kernel ends a context when nothing of it is under way any more.
void DirectTransfer::give_up() {
  syscall(SYS_io_destroy, context_);
  context_ = 0;
  for (int slot = 0; slot < kUnderWay; slot++) {
    if (under_way_[slot]) results_[slot] = -EIO;
    under_way_[slot] = false;
  }
}

}  // namespace partita::store
