// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "spill_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "failure.h"

namespace partita::store {

std::atomic<int> inject_write_error{0};
std::atomic<int> inject_read_error{0};

namespace {

constexpr std::uint64_t kSpillMagic = 0x314C4C4950535450;  // "PTSPILL1"
constexpr std::uint64_t kChunk = 256 << 10;                // checksummed while it is still in the cache
constexpr char kSuffix[] = ".object";
constexpr char kPart[] = ".part";

std::string name_of(Id id) {
  char name[48];
  std::snprintf(name, sizeof name, "%016llx%016llx%s", static_cast<unsigned long long>(id.high),
                static_cast<unsigned long long>(id.low), kSuffix);
  return name;
}

std::uint64_t content_bytes(std::uint64_t bytes, std::uint64_t metadata_bytes) {
  return metadata_bytes == 0 ? bytes : metadata_offset(bytes) + metadata_bytes;
}

std::uint32_t header_crc(const SpillHeader& header) {
  return static_cast<std::uint32_t>(ptc_crc32c(0, &header, offsetof(SpillHeader, header_crc)));
}

void write_all(int fd, const char* from, std::uint64_t bytes, std::uint64_t at) {
  while (bytes > 0) {
    if (int error = inject_write_error.exchange(0); error != 0) {
      errno = error;
    } else {
      ssize_t written = pwrite(fd, from, bytes, static_cast<off_t>(at));
      if (written > 0) {
        from += written, at += static_cast<std::uint64_t>(written), bytes -= static_cast<std::uint64_t>(written);
        continue;
      }
      if (written < 0 && errno == EINTR) continue;
      if (written == 0) errno = ENOSPC;
    }
    fail_with_errno("writing " + human_bytes(bytes) + " of a spilled object");
  }
}

// False: the file is shorter.
bool read_all(int fd, char* into, std::uint64_t bytes, std::uint64_t at) {
  while (bytes > 0) {
    ssize_t got = -1;
    if (int error = inject_read_error.exchange(0); error != 0) {
      errno = error;
    } else {
      got = pread(fd, into, bytes, static_cast<off_t>(at));
    }
    if (got == 0) return false;
    if (got < 0) {
      if (errno == EINTR) continue;
      fail_with_errno("reading a spilled object");
    }
    into += got, at += static_cast<std::uint64_t>(got), bytes -= static_cast<std::uint64_t>(got);
  }
  return true;
}

bool ends_with(const char* name, const char* suffix) {
  std::size_t n = std::strlen(name), s = std::strlen(suffix);
  return n > s && std::strcmp(name + n - s, suffix) == 0;
}

}  // namespace

bool parse_spill_header(const void* bytes, std::uint64_t count, SpillHeader& out) {
  if (count < sizeof out) return false;
  std::memcpy(&out, bytes, sizeof out);
  return out.magic == kSpillMagic && out.header_crc == header_crc(out) && out.bytes <= kMaxArena &&
         out.metadata_bytes <= kMaxMetadata && std::memchr(out.budget, 0, sizeof out.budget) != nullptr;
}

SpillFile::SpillFile(SpillFile&& other) noexcept
    : folder_(other.folder_), temporary_(std::move(other.temporary_)), name_(std::move(other.name_)) {
  other.temporary_.clear();
}

SpillFile::~SpillFile() {
  if (!temporary_.empty()) unlinkat(folder_, temporary_.c_str(), 0);
}

void SpillFile::commit() {
  if (renameat(folder_, temporary_.c_str(), folder_, name_.c_str()) != 0) fail_with_errno("naming a spilled object");
  temporary_.clear();
}

SpillFolder::SpillFolder(const std::string& path) : path_(path) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail_with_errno("making the spill folder " + path);
  folder_.reset(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder_.open()) fail_with_errno("opening the spill folder " + path);
}

SpillFile SpillFolder::write(Id id, const char* content, std::uint64_t bytes, std::uint64_t metadata_bytes,
                             const char* budget) {
  std::string name = name_of(id);
  std::string temporary = name + "." + std::to_string(getpid()) + "." + std::to_string(files_++) + kPart;
  Descriptor file(openat(folder_.get(), temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.open()) fail_with_errno("making a file in the spill folder " + path_);
  SpillFile spilled(folder_.get(), temporary, name);
  SpillHeader header{};
  header.magic = kSpillMagic;
  header.id_high = id.high;
  header.id_low = id.low;
  header.bytes = bytes;
  header.metadata_bytes = metadata_bytes;
  std::snprintf(header.budget, sizeof header.budget, "%s", budget);
  std::uint64_t all = content_bytes(bytes, metadata_bytes);
  std::int32_t crc = 0;
  for (std::uint64_t at = 0; at < all; at += kChunk) {
    std::uint64_t step = std::min(kChunk, all - at);
    crc = ptc_crc32c(crc, content + at, static_cast<std::int64_t>(step));
    write_all(file.get(), content + at, step, sizeof header + at);
  }
  header.content_crc = static_cast<std::uint32_t>(crc);
  header.header_crc = header_crc(header);
  write_all(file.get(), reinterpret_cast<const char*>(&header), sizeof header, 0);
  return spilled;
}

void SpillFolder::read(Id id, char* into, std::uint64_t bytes, std::uint64_t metadata_bytes) const {
  std::string name = name_of(id);
  Descriptor file(openat(folder_.get(), name.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.open()) {
    if (errno == ENOENT) throw Failure(PTC_DATA_LOSS, "the spilled object " + path_ + "/" + name + " is missing");
    fail_with_errno("opening the spilled object " + path_ + "/" + name);
  }
  auto torn = [&](const char* why) {
    throw Failure(PTC_DATA_LOSS, "the spilled object " + path_ + "/" + name + " is damaged: " + why);
  };
  char raw[sizeof(SpillHeader)];
  SpillHeader header;
  if (!read_all(file.get(), raw, sizeof raw, 0) || !parse_spill_header(raw, sizeof raw, header)) torn("its header");
  if (!(Id{header.id_high, header.id_low} == id) || header.bytes != bytes || header.metadata_bytes != metadata_bytes) {
    torn("it is another object");
  }
  std::uint64_t all = content_bytes(bytes, metadata_bytes);
  std::int32_t crc = 0;
  for (std::uint64_t at = 0; at < all; at += kChunk) {
    std::uint64_t step = std::min(kChunk, all - at);
    if (!read_all(file.get(), into + at, step, sizeof header + at)) torn("it is too short");
    crc = ptc_crc32c(crc, into + at, static_cast<std::int64_t>(step));
  }
  if (static_cast<std::uint32_t>(crc) != header.content_crc) torn("its checksum differs");
}

bool SpillFolder::has(Id id, std::uint64_t bytes, std::uint64_t metadata_bytes) const {
  struct stat status{};
  return fstatat(folder_.get(), name_of(id).c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         static_cast<std::uint64_t>(status.st_size) == sizeof(SpillHeader) + content_bytes(bytes, metadata_bytes);
}

void SpillFolder::remove(Id id) const noexcept { unlinkat(folder_.get(), name_of(id).c_str(), 0); }

void SpillFolder::adopt(const std::function<void(const SpillHeader&)>& found) const {
  std::unique_ptr<DIR, int (*)(DIR*)> folder(fdopendir(dup(folder_.get())), closedir);
  if (!folder) fail_with_errno("listing the spill folder " + path_);
  rewinddir(folder.get());
  while (const dirent* entry = readdir(folder.get())) {
    if (ends_with(entry->d_name, kPart)) unlinkat(folder_.get(), entry->d_name, 0);
    if (!ends_with(entry->d_name, kSuffix)) continue;
    Descriptor file(openat(folder_.get(), entry->d_name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    char raw[sizeof(SpillHeader)];
    SpillHeader header;
    if (!file.open() || !read_all(file.get(), raw, sizeof raw, 0) || !parse_spill_header(raw, sizeof raw, header)) continue;
    Id id{header.id_high, header.id_low};
    if (name_of(id) == entry->d_name && has(id, header.bytes, header.metadata_bytes)) found(header);
  }
}

}  // namespace partita::store
