// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Sets of files, as those who write and load them see it; crashes are in set_crash_test.cpp.
#include <unistd.h>

#include <atomic>
#include <thread>

#include "files_fixture.h"

namespace {

using namespace partita::tests;

constexpr std::int32_t kLong = 60000;

// A committed set of this version.
void save(VersionedSet& set, const std::string& folder, float version, std::int64_t shard_bytes = 0) {
  ptc_set_writer* writer;
  set.fill(version);
  CHECK_OK(ptc_set_writer_create(set.get(), 1, shard_bytes, &writer));
  CHECK_OK(ptc_set_writer_begin(writer, folder.c_str(), kLong));
  set.fill(-1);  // what begin copied is what is written
  CHECK_OK(ptc_set_writer_wait(writer, kLong));
  std::int64_t bytes;
  std::int32_t crc;
  CHECK_OK(ptc_set_writer_commit(writer, &bytes, &crc));
  std::string manifest = read_file(folder + "/manifest.json");
  CHECK(crc == ptc_crc32c(0, manifest.data(), static_cast<std::int64_t>(manifest.size())));
  ptc_set_writer_destroy(writer);
}

TEST("what was committed is loaded, however it was cut into shards") {
  for (std::int64_t shard : {0, 1, 20000, 1 << 30}) {
    Folder folder;
    VersionedSet set;
    save(set, folder / "a/b", 3, shard);
    CHECK(!set.is(3));
    CHECK_OK(ptc_set_load((folder / "a/b").c_str(), set.get()));
    CHECK(set.is(3));
    CHECK(std::filesystem::exists(folder / "a/b/model-00002-of-00002.safetensors") == (shard == 1 || shard == 20000));
    for (const auto& entry : std::filesystem::directory_iterator(folder / "a/b")) {
      CHECK(entry.path().extension() != ".partial");
    }
  }
}

TEST("a damaged, missing, longer or shorter file of a set is named and changes nothing") {
  Folder folder;
  VersionedSet set(100);
  save(set, folder / "a", 3, 200);
  set.fill(9);
  std::vector<std::string> paths;  // first: who reads a folder that changes may miss some of it
  for (const auto& entry : std::filesystem::directory_iterator(folder / "a")) paths.push_back(entry.path().string());
  for (const std::string& path : paths) {
    const std::string good = read_file(path);
    auto refused = [&] {
      ptc_status status = ptc_set_load((folder / "a").c_str(), set.get());
      // A manifest that names another file is a good one of another set: who keeps its checksum knows better.
      CHECK(status == PTC_DATA_LOSS || (status == PTC_INVALID_ARGUMENT && path.find("manifest") != std::string::npos));
      CHECK(std::strstr(ptc_last_error(), path.c_str()) != nullptr || path.find("manifest") != std::string::npos);
      CHECK(set.is(9));
    };
    for (std::size_t at = 0; at < good.size(); at++) {
      std::string bad = good;
      bad[at] = static_cast<char>(bad[at] ^ 1);
      write_file(path, bad);
      refused();
    }
    for (const std::string& bad : {good.substr(0, good.size() - 1), good + " ", good.substr(0, 3), std::string()}) {
      if (bad == good + " " && path.find("manifest") != std::string::npos) continue;  // still the same JSON
      write_file(path, bad);
      refused();
    }
    std::filesystem::remove(path);
    if (path.find("manifest") != std::string::npos) {
      CHECK(ptc_set_load((folder / "a").c_str(), set.get()) == PTC_NOT_FOUND);
    } else {
      refused();
    }
    write_file(path, good);
  }
  CHECK_OK(ptc_set_load((folder / "a").c_str(), set.get()));
  CHECK(set.is(3));
}

TEST("a set is never changed, and is loaded only into what it holds") {
  Folder folder;
  VersionedSet set(100), larger(105);
  save(set, folder / "a", 3);
  ptc_set_writer* writer;
  CHECK_OK(ptc_set_writer_create(set.get(), 0, 0, &writer));
  CHECK_OK(ptc_set_writer_begin(writer, (folder / "a").c_str(), kLong));
  CHECK(ptc_set_writer_wait(writer, kLong) == PTC_CONFLICT);
  CHECK(ptc_set_writer_wait(writer, kLong) == PTC_INVALID_ARGUMENT);  // nothing begun any more
  ptc_set_writer_destroy(writer);
  CHECK(ptc_set_load((folder / "a").c_str(), larger.get()) == PTC_INVALID_ARGUMENT);
  CHECK_OK(ptc_set_load((folder / "a").c_str(), set.get()));
  CHECK(set.is(3));
}

TEST("two sets are in the air at once, in the order they were begun; a third waits") {
  Folder folder;
  VersionedSet set;
  ptc_set_writer* writer;
  CHECK_OK(ptc_set_writer_create(set.get(), 2, 0, &writer));
  CHECK_OK(ptc_set_writer_prepare(writer));
  std::int64_t bytes;
  std::int32_t crc;
  for (int version : {1, 2}) {
    set.fill(static_cast<float>(version));
    CHECK_OK(ptc_set_writer_begin(writer, (folder / std::to_string(version)).c_str(), 0));
  }
  CHECK(ptc_set_writer_begin(writer, (folder / "3").c_str(), 20) == PTC_TIMEOUT);
  for (int version : {1, 2}) {
    CHECK_OK(ptc_set_writer_wait(writer, kLong));
    CHECK_OK(ptc_set_writer_commit(writer, &bytes, &crc));
    CHECK_OK(ptc_set_load((folder / std::to_string(version)).c_str(), set.get()));
    CHECK(set.is(static_cast<float>(version)));
  }
  CHECK(ptc_set_writer_commit(writer, &bytes, &crc) == PTC_INVALID_ARGUMENT);
  ptc_set_writer_destroy(writer);
}

TEST("a trainer begins while another thread commits") {
  Folder folder;
  VersionedSet set;
  ptc_set_writer* writer;
  constexpr int kSets = 20;
  CHECK_OK(ptc_set_writer_create(set.get(), 2, 0, &writer));
  std::atomic<int> begun{0};
  std::thread committer([&] {
    for (int done = 0; done < kSets; done++) {
      while (begun <= done) std::this_thread::yield();
      std::int64_t bytes;
      std::int32_t crc;
      CHECK_OK(ptc_set_writer_wait(writer, kLong));
      CHECK_OK(ptc_set_writer_commit(writer, &bytes, &crc));
    }
  });
  for (int version = 0; version < kSets; version++) {
    set.fill(static_cast<float>(version));
    CHECK_OK(ptc_set_writer_begin(writer, (folder / std::to_string(version)).c_str(), kLong));
    begun++;
  }
  committer.join();
  ptc_set_writer_destroy(writer);
  for (int version = 0; version < kSets; version++) {
    CHECK_OK(ptc_set_load((folder / std::to_string(version)).c_str(), set.get()));
    CHECK(set.is(static_cast<float>(version)));
  }
}

TEST("what is abandoned leaves no file, and the next set is written") {
  Folder folder;
  VersionedSet set(1 << 20);
  ptc_set_writer* writer;
  CHECK_OK(ptc_set_writer_create(set.get(), 2, 1 << 20, &writer));
  for (int round = 0; round < 8; round++) {
    CHECK_OK(ptc_set_writer_begin(writer, (folder / "dropped").c_str(), kLong));
    usleep(static_cast<useconds_t>(round * 500));
    if (round == 7) CHECK_OK(ptc_set_writer_wait(writer, kLong));
    CHECK_OK(ptc_set_writer_abandon(writer, kLong));
    CHECK(!std::filesystem::exists(folder / "dropped") || std::filesystem::is_empty(folder / "dropped"));
  }
  set.fill(4);
  CHECK_OK(ptc_set_writer_begin(writer, (folder / "kept").c_str(), kLong));
  CHECK_OK(ptc_set_writer_wait(writer, kLong));
  std::int64_t bytes;
  std::int32_t crc;
  CHECK_OK(ptc_set_writer_commit(writer, &bytes, &crc));
  CHECK_OK(ptc_set_load((folder / "kept").c_str(), set.get()));
  CHECK(set.is(4));
  CHECK_OK(ptc_set_writer_begin(writer, (folder / "dropped").c_str(), kLong));
  ptc_set_writer_destroy(writer);  // drops it too
  CHECK(!std::filesystem::exists(folder / "dropped/manifest.json"));
}

TEST("wrong sets, names and folders are refused") {
  ptc_tensor_set* set;
  CHECK_OK(ptc_tensor_set_create(&set));
  std::int64_t one = 1, huge[] = {std::int64_t{1} << 40, std::int64_t{1} << 40}, negative = -1;
  float value = 0;
  CHECK(ptc_tensor_set_add(set, "a", PTC_FILE_F32, 1, &one, &value) == PTC_INVALID_ARGUMENT);  // no file yet
  for (const char* name : {"", "a", "../a.safetensors", "a/b.safetensors", ".safetensors", ".a.safetensors", "a b.safetensors"}) {
    CHECK(ptc_tensor_set_file(set, name) == PTC_INVALID_ARGUMENT);
  }
  ptc_set_writer* writer = nullptr;
  CHECK(ptc_set_writer_create(set, 1, 0, &writer) == PTC_INVALID_ARGUMENT);
  CHECK_OK(ptc_tensor_set_file(set, "a.safetensors"));
  CHECK(ptc_tensor_set_file(set, "a.safetensors") == PTC_INVALID_ARGUMENT);
  CHECK_OK(ptc_tensor_set_add(set, "a", PTC_FILE_F32, 1, &one, &value));
  CHECK(ptc_tensor_set_add(set, "a", PTC_FILE_F32, 1, &one, &value) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_tensor_set_add(set, "b", 15, 1, &one, &value) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_tensor_set_add(set, "b", PTC_FILE_F32, 9, &one, &value) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_tensor_set_add(set, "b", PTC_FILE_F32, 2, huge, &value) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_tensor_set_add(set, "b", PTC_FILE_F32, 1, &negative, &value) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_tensor_set_add(set, "\xFF", PTC_FILE_F32, 1, &one, &value) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_tensor_set_add(set, "__metadata__", PTC_FILE_F32, 1, &one, &value) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_set_writer_create(set, 3, 0, &writer) == PTC_INVALID_ARGUMENT);
  CHECK_OK(ptc_set_writer_create(set, 0, 0, &writer));
  CHECK_OK(ptc_tensor_set_add(set, "only its shape", PTC_FILE_F32, 1, &one, nullptr));
  ptc_set_writer* other = nullptr;
  CHECK(ptc_set_writer_create(set, 0, 0, &other) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_set_load("/nowhere", set) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_set_writer_begin(writer, "relative", 0) == PTC_INVALID_ARGUMENT);
  CHECK(ptc_set_writer_wait(writer, 0) == PTC_INVALID_ARGUMENT);
  CHECK_OK(ptc_set_writer_begin(writer, "/dev/null/no/folder", 0));
  ptc_status status = ptc_set_writer_wait(writer, kLong);
  CHECK(status == PTC_STORAGE_FAILURE);
  CHECK(std::strstr(ptc_last_error(), "/dev/null") != nullptr);
  ptc_set_writer_destroy(writer);
  ptc_tensor_set_destroy(set);
}

}  // namespace
