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
#include <optional>
#include <utility>

#include "failure.h"

namespace partita::store {

std::atomic<int> inject_write_error{0};
std::atomic<int> inject_read_error{0};
std::atomic<void (*)()> inject_while_spilling{nullptr};

namespace {

constexpr std::uint64_t kSpillMagic = 0x334C4C4950535450;  // "PTSPILL3"
constexpr std::uint64_t kChunk = 256 << 10;                // checksummed while it is still in the cache
constexpr std::uint64_t kLarge = std::uint64_t{1} << 20;  // from here on without the page cache
constexpr std::uint64_t kPage = DirectTransfer::kPage;
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

std::uint64_t offset_for(std::uint64_t content) { return content < kLarge ? sizeof(SpillHeader) : kPage; }

std::uint64_t file_bytes(std::uint64_t content) {
  return offset_for(content) + (content < kLarge ? content : (content + kPage - 1) / kPage * kPage);
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

bool set_direct(int fd, bool direct) {
  int flags = fcntl(fd, F_GETFL);
  return flags >= 0 && fcntl(fd, F_SETFL, direct ? flags | O_DIRECT : flags & ~O_DIRECT) == 0;
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

// All of the file at once: the disk is asked for its blocks once, and says now if it has none.
void make_room(int fd, std::uint64_t bytes) {
  int error = fallocate(fd, 0, 0, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
  if (error == EOPNOTSUPP && ftruncate(fd, static_cast<off_t>(bytes)) == 0) return;
  if (error != 0) {
    errno = error;
    fail_with_errno("making room for " + human_bytes(bytes) + " of a spilled object");
  }
}

bool ends_with(const char* name, const char* suffix) {
  std::size_t n = std::strlen(name), s = std::strlen(suffix);
  return n > s && std::strcmp(name + n - s, suffix) == 0;
}

}  // namespace

class SpillFolder::Lent {
 public:
  explicit Lent(const SpillFolder& folder) : folder_(folder) {
    std::lock_guard lock(folder_.transfers_lock_);
    if (!folder_.transfers_.empty()) {
      transfer_ = std::move(folder_.transfers_.back());
      folder_.transfers_.pop_back();
    } else {
      transfer_ = std::make_unique<DirectTransfer>();
    }
  }
  Lent(const Lent&) = delete;
  Lent& operator=(const Lent&) = delete;
  ~Lent() {
    std::lock_guard lock(folder_.transfers_lock_);
    if (transfer_->usable() && folder_.transfers_.size() < kKept) folder_.transfers_.push_back(std::move(transfer_));
  }
  DirectTransfer* operator->() { return transfer_.get(); }

 private:
  static constexpr std::size_t kKept = 4;

  const SpillFolder& folder_;
  std::unique_ptr<DirectTransfer> transfer_;
};

std::int32_t SpillFolder::write_large(int fd, const char* from, std::uint64_t bytes) {
  if (inject_write_error.load() == 0 && set_direct(fd, true)) {
    std::optional<std::int32_t> crc = Lent(*this)->write(fd, from, bytes, kPage);
    set_direct(fd, false);
    if (crc) return *crc;
  }
  write_all(fd, from, bytes, kPage);
  return ptc_crc32c(0, from, static_cast<std::int64_t>(bytes));
}

std::uint64_t SpillFolder::read_large(int fd, char* into, std::uint64_t bytes, std::int32_t& crc) const {
  if (inject_read_error.load() != 0 || !set_direct(fd, true)) return 0;
  std::uint64_t done = Lent(*this)->read(fd, into, bytes, kPage, crc);
  set_direct(fd, false);
  return done;
}

bool parse_spill_header(const void* bytes, std::uint64_t count, SpillHeader& out) {
  if (count < sizeof out) return false;
  std::memcpy(&out, bytes, sizeof out);
  return out.magic == kSpillMagic && out.header_crc == header_crc(out) && out.bytes <= kMaxArena &&
         out.metadata_bytes <= kMaxMetadata &&
         out.offset == offset_for(content_bytes(out.bytes, out.metadata_bytes)) && std::memchr(out.budget, 0, sizeof out.budget) != nullptr;
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
  header.offset = static_cast<std::uint32_t>(offset_for(all));
  std::int32_t crc = 0;
  if (all < kLarge) {
    crc = ptc_crc32c(0, content, static_cast<std::int64_t>(all));
    write_all(file.get(), content, all, header.offset);
  } else {
    make_room(file.get(), file_bytes(all));
    crc = write_large(file.get(), content, all);
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
  posix_fadvise(file.get(), 0, 0, POSIX_FADV_RANDOM);  // the header alone
  char raw[sizeof(SpillHeader)];
  SpillHeader header;
  if (!read_all(file.get(), raw, sizeof raw, 0) || !parse_spill_header(raw, sizeof raw, header)) torn("its header");
  if (!(Id{header.id_high, header.id_low} == id) || header.bytes != bytes || header.metadata_bytes != metadata_bytes) {
    torn("it is another object");
  }
  std::uint64_t all = content_bytes(bytes, metadata_bytes);
  std::int32_t crc = 0;
  std::uint64_t done = all < kLarge ? 0 : read_large(file.get(), into, all, crc);
  posix_fadvise(file.get(), 0, 0, POSIX_FADV_SEQUENTIAL);  // the disk runs further ahead of the checksum
  for (std::uint64_t at = done; at < all; at += kChunk) {
    std::uint64_t step = std::min(kChunk, all - at);
    if (!read_all(file.get(), into + at, step, header.offset + at)) torn("it is too short");
    crc = ptc_crc32c(crc, into + at, static_cast<std::int64_t>(step));
  }
  if (static_cast<std::uint32_t>(crc) != header.content_crc) torn("its checksum differs");
}

bool SpillFolder::has(Id id, std::uint64_t bytes, std::uint64_t metadata_bytes) const {
  struct stat status{};
  return fstatat(folder_.get(), name_of(id).c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
         static_cast<std::uint64_t>(status.st_size) == file_bytes(content_bytes(bytes, metadata_bytes));
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
