// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0

// Sets of tensors and batches of images beside what the disk and the codecs do without us, a line of JSON a figure:
//
//   file_bench [folder, default /tmp] [MiB of a set, default 512]
#include <fcntl.h>
#include <unistd.h>

#include <cmath>
#include <cstring>
#include <filesystem>

#include <jpeglib.h>

#include "bench.h"
#include "partita_files.h"
#include "partita_image.h"

namespace {

using namespace partita::bench;
using std::int32_t;
using std::int64_t;

void done(bool well, const char* what) {
  if (well) return;
  std::perror(what);
  std::exit(1);
}

// One write() of 8 MiB after the other, then fsync.
void plain_write(const std::string& path, const char* bytes, int64_t count) {
  int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  done(file >= 0, "open");
  for (int64_t at = 0; at < count; at += int64_t{8} << 20) {
    auto piece = static_cast<std::size_t>(std::min(count - at, int64_t{8} << 20));
    done(write(file, bytes + at, piece) == static_cast<ssize_t>(piece), "write");
  }
  done(fsync(file) == 0, "fsync");
  close(file);
}

void plain_read(const std::string& path, char* bytes, int64_t count) {
  int file = open(path.c_str(), O_RDONLY);
  done(file >= 0, "open");
  for (int64_t at = 0; at < count;) {
    ssize_t piece = read(file, bytes + at, static_cast<std::size_t>(count - at));
    done(piece > 0, "read");
    at += piece;
  }
  close(file);
}

void sets(const std::string& folder, int64_t bytes) {
  constexpr int kTensors = 16;
  const int64_t each = bytes / kTensors / 4;
  Array<float> values(each * kTensors), other(each * kTensors);
  ptc_tensor_set* set;
  must(ptc_tensor_set_create(&set));
  must(ptc_tensor_set_file(set, "model.safetensors"));
  for (int t = 0; t < kTensors; t++) {
    must(ptc_tensor_set_add(set, ("tensor." + std::to_string(t)).c_str(), PTC_FILE_F32, 1, &each, values.data() + t * each));
  }
  ptc_set_writer* writer;
  must(ptc_set_writer_create(set, 1, 0, &writer));
  must(ptc_set_writer_prepare(writer));
  const auto size = static_cast<double>(each * kTensors * 4);
  auto copied = seconds([&] { std::memcpy(other.data(), values.data(), static_cast<std::size_t>(size)); });
  auto written = seconds([&] { plain_write(folder + "/plain", reinterpret_cast<char*>(values.data()), each * kTensors * 4); }, 3);
  std::vector<double> stalls;
  int number = 0;
  auto saved = seconds(
      [&] {
        std::string target = folder + "/set" + std::to_string(number++);
        auto start = std::chrono::steady_clock::now();
        must(ptc_set_writer_begin(writer, target.c_str(), 60000));
        stalls.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        must(ptc_set_writer_wait(writer, 120000));
        int64_t committed;
        int32_t crc;
        must(ptc_set_writer_commit(writer, &committed, &crc));
        if (number > 1) std::filesystem::remove_all(folder + "/set" + std::to_string(number - 2));
      },
      3);
  std::sort(stalls.begin(), stalls.end());
  print_rate("set_begin_stall", "bytes/s", size, stalls, {size / copied[copied.size() / 2], "memcpy, one thread"});
  print_rate("set_save", "bytes/s", size, saved, {size / written[1], "the same bytes by write() and fsync"});
  auto read = seconds([&] { plain_read(folder + "/plain", reinterpret_cast<char*>(other.data()), each * kTensors * 4); }, 3);
  auto loaded = seconds([&] { must(ptc_set_load((folder + "/set" + std::to_string(number - 1)).c_str(), set)); }, 3);
  print_rate("set_load_cached", "bytes/s", size, loaded, {size / read[1], "the same bytes by read()"});
  auto opened = seconds([&] {
    ptc_tensor_file* file;
    must(ptc_safetensors_open((folder + "/set" + std::to_string(number - 1) + "/model.safetensors").c_str(), &file));
    ptc_tensor_file_close(file);
  });
  print_rate("safetensors_open", "files/s", 1, opened, {0, ""});
  ptc_set_writer_destroy(writer);
  ptc_tensor_set_destroy(set);
}

std::vector<unsigned char> photo(int width, int height) {
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* bytes = nullptr;
  unsigned long count = 0;
  jpeg_mem_dest(&encoder, &bytes, &count);
  encoder.image_width = static_cast<JDIMENSION>(width);
  encoder.image_height = static_cast<JDIMENSION>(height);
  encoder.input_components = 3;
  encoder.in_color_space = JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, 90, TRUE);
  jpeg_start_compress(&encoder, TRUE);
  std::vector<unsigned char> line(static_cast<std::size_t>(width) * 3);
  for (int y = 0; y < height; y++) {
    for (int x = 0; x < 3 * width; x++) {
      line[static_cast<std::size_t>(x)] = static_cast<unsigned char>(127 + 60 * std::sin(x * 0.021 + y * 0.03) + 60 * std::sin(x * y * 0.0007));
    }
    JSAMPROW row = line.data();
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  std::vector<unsigned char> result(bytes, bytes + count);
  std::free(bytes);
  return result;
}

void images() {
  constexpr int kWidth = 500, kHeight = 375, kImages = 32;
  std::vector<unsigned char> file = photo(kWidth, kHeight);
  ptc_image_form form{224, 224, 3, PTC_IMAGE_CROP, PTC_FLOAT32, 1 << 24, {0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}};
  std::vector<int64_t> addresses(kImages, reinterpret_cast<int64_t>(file.data())), lengths(kImages, static_cast<int64_t>(file.size()));
  std::vector<int32_t> statuses(kImages);
  std::vector<char> messages(kImages * PTC_IMAGE_MESSAGE_BYTES);
  std::vector<float> out(static_cast<std::size_t>(kImages) * 3 * 224 * 224);
  for (int threads : {1, 2}) {
    ptc_pool* pool;
    must(ptc_pool_create(threads, 60000, &pool));
    auto times = seconds([&] {
      must(ptc_image_batch(pool, &form, kImages, addresses.data(), lengths.data(), out.data(), statuses.data(), messages.data()));
    });
    print_rate("image_500x375_to_224_" + std::to_string(threads) + "_threads", "images/s", kImages, times, {0, ""});
    ptc_pool_destroy(pool);
  }
  std::vector<std::uint8_t> pixels(static_cast<std::size_t>(kWidth) * kHeight * 3, 77);
  for (int mask : {-1, 0}) {
    ptc_limit_cpu_features(mask);
    auto times = seconds([&] { must(ptc_image_resize(nullptr, &form, pixels.data(), kWidth, kHeight, out.data())); }, 21);
    print_rate(mask == -1 ? "image_resize_avx2" : "image_resize_scalar", "images/s", 1, times, {0, ""});
  }
  ptc_limit_cpu_features(-1);
}

}  // namespace

int main(int count, char** arguments) {
  std::string folder = std::string(count > 1 ? arguments[1] : "/tmp") + "/file-bench-XXXXXX";
  done(mkdtemp(folder.data()) != nullptr, "mkdtemp");
  images();
  sets(folder, (count > 2 ? std::atoll(arguments[2]) : 512) << 20);
  std::filesystem::remove_all(folder);
  return 0;
}
