// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// What the store is told by others: frames of the socket, a control segment, the header of a spill file. The first
// byte chooses which. Built with libFuzzer by PARTITA_FUZZ=ON; the corpus is beside this file.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "admission.h"
#include "failure.h"
#include "life.h"
#include "protocol.h"
#include "recovery.h"
#include "spill_folder.h"

using namespace partita::store;

namespace {

[[noreturn]] void wrong(const char* what) {
  std::fprintf(stderr, "store_fuzz: %s\n", what);
  std::abort();
}

Control& arena() {
  static Control control = Control::make(kHugePage);
  return control;
}

// A Hello may let nobody be another client than it was, nor a client twice.
void hear_hello(const std::uint8_t* bytes, std::size_t count) {
  Control& control = arena();
  static Welcome known = admit(control, 1);
  std::optional<Hello> frame = parse_hello(bytes, count);
  if (!frame) return;
  if (frame->kind == kJoin) {
    Welcome welcome = admit(control, 2);
    if (welcome.status == PTC_OK && welcome.client == known.client) wrong("a join was given another's place");
    if (welcome.status == PTC_OK) {
      Locked lock(control);
      leave(control, welcome.client);
    }
    return;
  }
  Welcome welcome = readmit(control, *frame);
  bool proved = frame->client == known.client && frame->generation == known.generation &&
                frame->token_high == known.token_high && frame->token_low == known.token_low;
  if (welcome.status == PTC_OK && !proved) wrong("a rejoin was believed without its token");
}

// Through a real socket, with and without descriptors.
void receive(const std::uint8_t* bytes, std::size_t count) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return;
  Descriptor one(ends[0]), other(ends[1]);
  std::vector<int> descriptors(count % 5, STDERR_FILENO);
  if (count > 0 && send_frame(one.get(), bytes, count, descriptors)) {
    std::optional<Frame> frame = receive_frame(other.get());
    if (frame && frame->bytes.size() > count) wrong("a frame grew");
    if (frame) parse_welcome(frame->bytes.data(), frame->bytes.size());
  }
}

// A segment that begins with these bytes: refused, or attached and then used under the lock without harm.
void attach(const std::uint8_t* bytes, std::size_t count) {
  Descriptor fd(memfd_create("fuzz", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  std::uint64_t size = count % 2 == 0 ? control_bytes(1024) : count;
  if (ftruncate(fd.get(), static_cast<off_t>(size)) != 0) return;
  Header sound{};
  sound.magic = kMagic;
  sound.version = kLayoutVersion;
  sound.records = 1024;
  sound.arena_bytes = kHugePage;
  std::size_t keep = count < 40 ? count : 40;
  std::memcpy(reinterpret_cast<char*>(&sound), bytes, count % 4 == 0 ? 0 : keep);
  if (pwrite(fd.get(), &sound, size < sizeof sound ? size : sizeof sound, 0) < 0) return;
  fcntl(fd.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW);
  try {
    Control control = Control::attach(std::move(fd));
    if (control.records() * sizeof(Record) > size) wrong("a control segment is larger than its file");
    // Its records are whatever a process gone wild left there.
    std::uint32_t touched = static_cast<std::uint32_t>(count / sizeof(Record)) + 1;
    std::memcpy(reinterpret_cast<char*>(&control.record(1)), bytes, count / sizeof(Record) * sizeof(Record));
    control.header().records_touched = touched;
    derive_anew(control);
  } catch (const Failure&) {
  }
}

void spill_file(const std::uint8_t* bytes, std::size_t count) {
  SpillHeader header;
  if (parse_spill_header(bytes, count, header) && header.bytes > kMaxArena) wrong("an impossible size was believed");
  // As a file of that name, read as an object.
  static std::string path = [] {
    char name[] = "/tmp/partita-fuzz-XXXXXX";
    return std::string(mkdtemp(name));
  }();
  static SpillFolder folder(path, 0);
  int fd = open((path + "/00000000000000010000000000000001.object").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  bool whole = write(fd, bytes, count) == static_cast<ssize_t>(count);
  close(fd);
  if (!whole) return;
  std::vector<char> into(64);
  try {
    folder.read({1, 1}, into.data(), 50, 3);
  } catch (const Failure&) {
  }
  folder.adopt([](const SpillHeader& found) {
    if (found.bytes > kMaxArena || found.metadata_bytes > kMaxMetadata) wrong("an impossible object was adopted");
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  if (count == 0) return 0;
  switch (*bytes % 4) {
    case 0:
      hear_hello(bytes + 1, count - 1);
      break;
    case 1:
      receive(bytes + 1, count - 1);
      break;
    case 2:
      attach(bytes + 1, count - 1);
      break;
    default:
      spill_file(bytes + 1, count - 1);
  }
  return 0;
}
