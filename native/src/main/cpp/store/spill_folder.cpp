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
std::atomic<void (*)()> inject_while_spilling{nullptr};

namespace {

constexpr std::uint64_t kSpillMagic = 0x314C4C4950535450;  // "PTSPILL1"
constexpr std::uint64_t kChunk = 256 << 10;                // checksummed while it is still in the cache
constexpr char kSuffix[] = ".object";
constexpr char kPart[] = ".part";  // after the id: .<client>.<number>.part

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

template <typename F>
void for_each_file(int folder, F&& visit) {
  // An open file of its own: the position in the listing is not shared.
  Descriptor fresh(openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::unique_ptr<DIR, int (*)(DIR*)> listing(fresh.open() ? fdopendir(fresh.get()) : nullptr, closedir);
  if (!listing) fail_with_errno("listing the spill folder");
  fresh.release();
  while (const dirent* entry = readdir(listing.get())) visit(entry->d_name);
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

SpillFolder::SpillFolder(const std::string& path, std::uint32_t client) : path_(path), client_(client) {
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail_with_errno("making the spill folder " + path);
  folder_.reset(open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder_.open()) fail_with_errno("opening the spill folder " + path);
}

SpillFile SpillFolder::write(Id id, const char* content, std::uint64_t bytes, std::uint64_t metadata_bytes,
                             const char* budget) {
  std::string name = name_of(id);
  std::string temporary = part_name(id);
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
  // The disk begins at once, lest it has to take everything when the page cache is full.
  sync_file_range(file.get(), 0, 0, SYNC_FILE_RANGE_WRITE);
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
  posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);  // the disk runs further ahead of the checksum
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

std::string SpillFolder::part_name(Id id) {
  return name_of(id) + "." + std::to_string(client_) + "." + std::to_string(files_++) + kPart;
}

SpillFile SpillFolder::remove(Id id) {
  std::string name = name_of(id), part = part_name(id);
  renameat(folder_.get(), name.c_str(), folder_.get(), part.c_str());
  return SpillFile(folder_.get(), part, name);
}

void SpillFolder::adopt(const std::function<void(const SpillHeader&)>& found) const {
  for_each_file(folder_.get(), [&](const char* name) {
    if (ends_with(name, kPart)) unlinkat(folder_.get(), name, 0);
    if (!ends_with(name, kSuffix)) return;
    Descriptor file(openat(folder_.get(), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
    char raw[sizeof(SpillHeader)];
    SpillHeader header;
    if (!file.open() || !read_all(file.get(), raw, sizeof raw, 0) || !parse_spill_header(raw, sizeof raw, header)) return;
    Id id{header.id_high, header.id_low};
    if (name_of(id) == name && has(id, header.bytes, header.metadata_bytes)) found(header);
  });
}

void SpillFolder::sweep(std::uint32_t dead, const std::function<bool(Id)>& known) const {
  for_each_file(folder_.get(), [&](const char* name) {
    unsigned long long high = 0, low = 0;
    unsigned client = 0;
    bool object = std::sscanf(name, "%16llx%16llx", &high, &low) == 2;
    if (!object) return;
    bool part = ends_with(name, kPart) && std::sscanf(name + 32, ".object.%u.", &client) == 1 && client == dead;
    if (part || (ends_with(name, kSuffix) && !known({high, low}))) unlinkat(folder_.get(), name, 0);
  });
}

}  // namespace partita::store
