// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "set_writer.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "copy.h"
#include "failure.h"
#include "threads.h"

namespace partita::files {
namespace {

constexpr std::int64_t kPieceBytes = std::int64_t{8} << 20;
constexpr std::int64_t kAlignment = 64;
constexpr char kPartial[] = ".partial";


[[noreturn]] void disk_failed(const std::string& what, const std::string& path) {
  store::fail_with_errno(what + " " + path);
}

std::string parent_of(const std::string& path) {
  std::size_t slash = path.find_last_of('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

std::string without_slashes(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

}  // namespace

SetWriter::SetWriter(const ptc_tensor_set& set, int copies, std::int64_t shard_bytes, Disk& disk)
    : disk_(disk), copies_(copies > 0), slots_(static_cast<std::size_t>(std::max(copies, 1))) {
  plan(set, shard_bytes);
  thread_ = store::quiet_thread([this] { run(); });
  pthread_setname_np(thread_.native_handle(), "partita-files");
}

SetWriter::~SetWriter() {
  {
    std::lock_guard lock(mutex_);
    ending_ = true;
    for (Slot& slot : slots_) slot.dropped = true;
  }
  changed_.notify_all();
  thread_.join();
  for (Slot& slot : slots_) {
    if (slot.state == State::kWritten) delete_files(slot);
  }
}

void SetWriter::plan(const ptc_tensor_set& set, std::int64_t shard_bytes) {
  for (const SetFile& file : set.files) add_file(file, shard_bytes);
  for (std::size_t k = 1; k < shards_.size(); k++) {
    for (std::size_t other = 0; other < k; other++) {
      if (shards_[k].name == shards_[other].name) throw InvalidArgument("two files would be named " + shards_[k].name);
    }
  }
}

void SetWriter::add_file(const SetFile& file, std::int64_t shard_bytes) {
  std::vector<std::vector<std::size_t>> parts(1);
  std::int64_t bytes = 0;
  for (const SetTensor& tensor : file.tensors) {
    if (shard_bytes > 0 && !parts.back().empty() && bytes + tensor.bytes > shard_bytes) {
      parts.emplace_back();
      bytes = 0;
    }
    bytes += tensor.bytes;
    parts.back().push_back(tensors_.size());
    tensors_.push_back(tensor);
    offsets_.push_back(copy_bytes_);
    copy_bytes_ += (tensor.bytes + kAlignment - 1) / kAlignment * kAlignment;
  }
  require(parts.size() <= 99999, "ptc_set_writer_create: more than 99999 shards; shard_bytes is too small");
  for (std::size_t k = 0; k < parts.size(); k++) {
    std::vector<const SetTensor*> tensors;
    for (std::size_t t : parts[k]) tensors.push_back(&tensors_[t]);
    shards_.push_back({shard_name(file.name, k + 1, parts.size()), header_of(file.metadata, tensors), parts[k]});
  }
}

void SetWriter::prepare() {
  if (!copies_) return;
  Slot& first = slots_.front();
  char* memory = first.memory.at_least(static_cast<std::size_t>(copy_bytes_));
  for (std::int64_t at = 0; at < copy_bytes_; at += 4096) memory[at] = 0;
}

const char* SetWriter::data_of(Slot& slot, std::size_t tensor) {
  return copies_ ? slot.memory.data() + offsets_[tensor] : tensors_[tensor].data;
}

void SetWriter::copy_into(Slot& slot) {
  char* memory = slot.memory.at_least(static_cast<std::size_t>(copy_bytes_));
  for (std::size_t t = 0; t < tensors_.size(); t++) {
    store::copy_in(memory + offsets_[t], tensors_[t].data, static_cast<std::uint64_t>(tensors_[t].bytes));
  }
}

void SetWriter::begin(const std::string& folder, Clock::time_point deadline) {
  Slot* slot = nullptr;
  {
    std::unique_lock lock(mutex_);
    auto take = [&] {
      for (Slot& candidate : slots_) {
        if (candidate.state == State::kFree) slot = &candidate;
        if (slot != nullptr) return true;
      }
      return false;
    };
    if (!changed_.wait_until(lock, deadline, take)) {
      throw TimedOut("a former set was not written, or not committed, in the time given");
    }
    slot->state = State::kFilling;
    slot->order = next_order_++;
    slot->dropped = false;
    slot->folder = without_slashes(folder);
    slot->parts.clear();
  }
  try {
    if (copies_) copy_into(*slot);
  } catch (...) {
    std::lock_guard lock(mutex_);
    slot->state = State::kFree;
    changed_.notify_all();
    throw;
  }
  std::lock_guard lock(mutex_);
  slot->state = State::kQueued;
  changed_.notify_all();
}

SetWriter::Slot* SetWriter::oldest() {
  Slot* oldest = nullptr;
  for (Slot& slot : slots_) {
    if (slot.state != State::kFree && !slot.dropped && (oldest == nullptr || slot.order < oldest->order)) oldest = &slot;
  }
  return oldest;
}

void SetWriter::wait(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  Slot* slot = oldest();
  if (slot == nullptr) throw InvalidArgument("ptc_set_writer_wait: nothing has been begun");
  std::uint64_t order = slot->order;
  auto gone = [&] { return slot->order != order || slot->dropped || slot->state == State::kFree; };
  auto over = [&] { return gone() || slot->state == State::kWritten || slot->state == State::kFailed; };
  if (!changed_.wait_until(lock, deadline, over)) throw TimedOut("the set is not written yet");
  if (gone()) throw store::Failure(PTC_CONFLICT, "the set was abandoned");
  if (slot->state == State::kFailed) {
    store::Failure failure(slot->status, slot->error);
    slot->state = State::kFree;
    changed_.notify_all();
    throw failure;
  }
}

Committed SetWriter::commit() {
  Slot* slot;
  {
    std::lock_guard lock(mutex_);
    slot = oldest();
    if (slot == nullptr || slot->state != State::kWritten) {
      throw InvalidArgument("ptc_set_writer_commit: wait has not returned for a set");
    }
    slot->state = State::kCommitting;
  }
  struct Free {
    SetWriter& writer;
    Slot& slot;
    ~Free() {
      std::lock_guard lock(writer.mutex_);
      slot.state = State::kFree;
      writer.changed_.notify_all();
    }
  } free{*this, *slot};
  // The names of the files before the name of the manifest, whatever order the disk likes.
  if (disk_.sync_folder(slot->folder) != 0) disk_failed("fsync", slot->folder);
  std::string json = manifest_of(slot->parts);
  std::uint32_t crc = 0;
  write_whole(slot->folder + "/" + kManifest, {{json.data(), static_cast<std::int64_t>(json.size())}}, nullptr, crc);
  if (disk_.sync_folder(slot->folder) != 0) disk_failed("fsync", slot->folder);
  if (disk_.sync_folder(parent_of(slot->folder)) != 0) disk_failed("fsync", parent_of(slot->folder));
  Committed committed{0, crc};
  for (const ManifestPart& part : slot->parts) committed.bytes += part.bytes;
  return committed;
}

void SetWriter::abandon(Clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  for (Slot& slot : slots_) {
    if (slot.state == State::kWritten) delete_files(slot);
    if (slot.state == State::kWritten || slot.state == State::kFailed || slot.state == State::kQueued) {
      slot.state = State::kFree;
    } else if (slot.state == State::kWriting) {
      slot.dropped = true;
    }
  }
  changed_.notify_all();
  auto let_go = [&] {
    return std::none_of(slots_.begin(), slots_.end(),
                        [](const Slot& slot) { return slot.dropped && slot.state == State::kWriting; });
  };
  if (!changed_.wait_until(lock, deadline, let_go)) throw TimedOut("the disk has not let go of the abandoned set yet");
}

void SetWriter::run() {
  std::unique_lock lock(mutex_);
  for (;;) {
    Slot* next = nullptr;
    for (Slot& slot : slots_) {
      if (slot.state == State::kQueued && (next == nullptr || slot.order < next->order)) next = &slot;
    }
    if (ending_) return;
    if (next == nullptr) {
      changed_.wait(lock);
      continue;
    }
    next->state = State::kWriting;
    lock.unlock();
    ptc_status status = store::store_guarded([&] { write_set(*next); });
    std::string error = status == PTC_OK ? "" : ptc_last_error();
    if (status != PTC_OK) delete_files(*next);
    lock.lock();
    if (next->dropped && status == PTC_OK) delete_files(*next);
    next->status = status;
    next->error = std::move(error);
    next->state = next->dropped ? State::kFree : status == PTC_OK ? State::kWritten : State::kFailed;
    next->dropped = false;
    changed_.notify_all();
  }
}

void SetWriter::write_set(Slot& slot) {
  make_folders(slot.folder);
  struct stat there {};
  if (lstat((slot.folder + "/" + kManifest).c_str(), &there) == 0) {
    throw store::Failure(PTC_CONFLICT, slot.folder + " holds a set already; sets are never changed");
  }
  for (const Shard& shard : shards_) slot.parts.push_back(write_shard(slot, shard));
}

ManifestPart SetWriter::write_shard(Slot& slot, const Shard& shard) {
  std::vector<std::pair<const char*, std::int64_t>> pieces{
      {shard.header.data(), static_cast<std::int64_t>(shard.header.size())}};
  for (std::size_t t : shard.tensors) pieces.emplace_back(data_of(slot, t), tensors_[t].bytes);
  ManifestPart part{shard.name, 0, 0};
  for (const auto& piece : pieces) part.bytes += piece.second;
  write_whole(slot.folder + "/" + shard.name, pieces, &slot.dropped, part.crc32c);
  return part;
}

void SetWriter::write_whole(const std::string& path,
                            const std::vector<std::pair<const char*, std::int64_t>>& pieces,
                            const std::atomic<bool>* dropped, std::uint32_t& crc) {
  const std::string partial = path + kPartial;
  int file = disk_.create(partial);
  if (file < 0) disk_failed("create", partial);
  struct Open {
    Disk& disk;
    const std::string& path;
    int file;
    bool done = false;
    ~Open() {
      if (file >= 0) disk.close(file);
      if (!done) disk.remove(path);
    }
  } open{disk_, partial, file};
  off_t written = 0, asked = 0;
  crc = 0;
  for (const auto& [data, bytes] : pieces) {
    for (std::int64_t at = 0; at < bytes;) {
      if (dropped != nullptr && *dropped) throw store::Failure(PTC_CONFLICT, "the set was abandoned");
      std::int64_t wanted = std::min(bytes - at, kPieceBytes);
      ssize_t count = disk_.write(file, data + at, static_cast<std::size_t>(wanted));
      if (count < 0 && errno == EINTR) continue;
      if (count == 0) errno = ENOSPC;
      if (count <= 0) disk_failed("write", partial);
      crc = static_cast<std::uint32_t>(ptc_crc32c(static_cast<std::int32_t>(crc), data + at, count));
      at += count;
      written += count;
      if (written - asked >= kPieceBytes) {
        disk_.start_writing_back(file, asked, written - asked);
        asked = written;
      }
    }
  }
  if (disk_.sync(file) != 0) disk_failed("fsync", partial);
  open.file = -1;
  if (disk_.close(file) != 0) disk_failed("close", partial);
  if (disk_.rename(partial, path) != 0) disk_failed("rename", partial);
  open.done = true;
}

// Best effort: what stays is garbage without a manifest.
void SetWriter::delete_files(Slot& slot) {
  for (const ManifestPart& part : slot.parts) disk_.remove(slot.folder + "/" + part.name);
  slot.parts.clear();
}

void SetWriter::make_folders(const std::string& path) {
  struct stat there {};
  if (stat(path.c_str(), &there) == 0) {
    if (!S_ISDIR(there.st_mode)) throw store::Failure(PTC_STORAGE_FAILURE, path + " is not a folder");
    return;
  }
  std::string parent = parent_of(path);
  if (parent != path) make_folders(parent);
  if (disk_.make_folder(path) != 0 && errno != EEXIST) disk_failed("make folder", path);
  if (disk_.sync_folder(parent) != 0) disk_failed("fsync", parent);
}

}  // namespace partita::files

using partita::require;
using partita::store::store_guarded;

namespace {

partita::files::SetWriter::Clock::time_point deadline_of(int32_t timeout_millis) {
  require(timeout_millis >= 0, "timeout_millis must be 0 or above");
  return partita::files::SetWriter::Clock::now() + std::chrono::milliseconds(timeout_millis);
}

}  // namespace

ptc_status ptc_set_writer_create(const ptc_tensor_set* set, int32_t copies, int64_t shard_bytes,
                                 ptc_set_writer** out) {
  return store_guarded([&] {
    require(set != nullptr && out != nullptr, "ptc_set_writer_create: a pointer is null");
    require(copies >= 0 && copies <= 2, "ptc_set_writer_create: copies must be 0 to 2");
    require(shard_bytes >= 0, "ptc_set_writer_create: shard_bytes must be 0 or above");
    require(!set->files.empty(), "ptc_set_writer_create: the set has no file");
    partita::files::require_data(set->files);
    *out = new ptc_set_writer(*set, copies, shard_bytes, partita::files::Disk::real());
  });
}

void ptc_set_writer_destroy(ptc_set_writer* writer) { delete writer; }

ptc_status ptc_set_writer_prepare(ptc_set_writer* writer) {
  return store_guarded([&] {
    require(writer != nullptr, "ptc_set_writer_prepare: writer is null");
    writer->writer.prepare();
  });
}

ptc_status ptc_set_writer_begin(ptc_set_writer* writer, const char* folder, int32_t timeout_millis) {
  return store_guarded([&] {
    require(writer != nullptr && folder != nullptr, "ptc_set_writer_begin: a pointer is null");
    require(*folder == '/', "ptc_set_writer_begin: folder must be an absolute path");
    writer->writer.begin(folder, deadline_of(timeout_millis));
  });
}

ptc_status ptc_set_writer_wait(ptc_set_writer* writer, int32_t timeout_millis) {
  return store_guarded([&] {
    require(writer != nullptr, "ptc_set_writer_wait: writer is null");
    writer->writer.wait(deadline_of(timeout_millis));
  });
}

ptc_status ptc_set_writer_commit(ptc_set_writer* writer, int64_t* bytes, int32_t* manifest_crc32c) {
  return store_guarded([&] {
    require(writer != nullptr && bytes != nullptr && manifest_crc32c != nullptr,
            "ptc_set_writer_commit: a pointer is null");
    partita::files::Committed committed = writer->writer.commit();
    *bytes = committed.bytes;
    *manifest_crc32c = static_cast<int32_t>(committed.manifest_crc32c);
  });
}

ptc_status ptc_set_writer_abandon(ptc_set_writer* writer, int32_t timeout_millis) {
  return store_guarded([&] {
    require(writer != nullptr, "ptc_set_writer_abandon: writer is null");
    writer->writer.abandon(deadline_of(timeout_millis));
  });
}

ptc_status ptc_set_load(const char* folder, const ptc_tensor_set* set) {
  return store_guarded([&] {
    require(folder != nullptr && set != nullptr, "ptc_set_load: a pointer is null");
    partita::files::load_set(folder, *set);
  });
}
