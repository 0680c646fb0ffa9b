// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
#include "twin_cases.h"

#include <cmath>
#include <memory>

#include "device.h"
#include "dtype.h"
#include "partita_cuda_tensor.h"

namespace partita::tests {
namespace {

// Bytes on both sides, the same to begin with.
class Twins {
 public:
  explicit Twins(std::vector<char> bytes) : host_(std::move(bytes)), device_(host_) {}
  template <typename T>
  static std::shared_ptr<Twins> of(const std::vector<T>& values) {
    auto* begin = reinterpret_cast<const char*>(values.data());
    return std::make_shared<Twins>(std::vector<char>(begin, begin + values.size() * sizeof(T)));
  }
  static std::shared_ptr<Twins> zeros(std::int64_t bytes) {
    return std::make_shared<Twins>(std::vector<char>(static_cast<std::size_t>(bytes)));
  }

  template <typename T>
  T* host() {
    return reinterpret_cast<T*>(host_.data());
  }
  template <typename T>
  T* device() {
    return reinterpret_cast<T*>(device_.data());
  }

  // Of values of one of the types; a NaN equals every other.
  bool same(std::int32_t dtype) {
    std::size_t width = dtype == PTC_FLOAT32 ? 4 : dtype == PTC_INT8 ? 1 : 2;
    for (std::size_t at = 0; at + width <= host_.size(); at += width) {
      const char* a = host_.data() + at;
      const char* b = device_.data() + at;
      if (std::memcmp(a, b, width) != 0 && !(is_nan(dtype, a) && is_nan(dtype, b))) return false;
    }
    return true;
  }

 private:
  static bool is_nan(std::int32_t dtype, const char* at) {
    if (dtype == PTC_INT8) return false;
    float wide;
    std::uint16_t narrow;
    std::memcpy(&narrow, at, 2);
    if (dtype == PTC_FLOAT32) {
      std::memcpy(&wide, at, 4);
    } else {
      wide = dtype == PTC_BFLOAT16 ? to_float(BFloat16{narrow}) : to_float(Float16{narrow});
    }
    return std::isnan(wide);
  }

  std::vector<char> host_;
  Device<char> device_;
};

using Shared = std::shared_ptr<Twins>;

struct Inputs {
  std::int32_t dtype;
  unsigned seed;
  std::int64_t width() const { return dtype == PTC_FLOAT32 ? 4 : 2; }

  Shared floats(std::int64_t n) { return Twins::of(values(n)); }
  // Of dtype; now and then a NaN or an infinity.
  Shared stored(std::int64_t n) {
    auto all = values(n);
    for (std::size_t i = 991; i < all.size(); i += 49999) all[i] = i % 2 == 0 ? NAN : INFINITY;
    if (dtype == PTC_FLOAT32) return Twins::of(all);
    std::vector<std::uint16_t> narrow(all.size());
    for (std::size_t i = 0; i < all.size(); i++) {
      narrow[i] = dtype == PTC_BFLOAT16 ? to_bfloat16(all[i]).bits : to_float16(all[i]).bits;
    }
    return Twins::of(narrow);
  }
  Shared out(std::int64_t n) const { return Twins::zeros(n * width()); }

  std::vector<float> values(std::int64_t n) {
    // A few thousand draws, mixed: large inputs must not take minutes.
    std::size_t period = static_cast<std::size_t>(std::min<std::int64_t>(n, 65521));
    auto base = random_floats(period, seed++);
    std::vector<float> all(static_cast<std::size_t>(n));
    for (std::size_t i = 0; i < all.size(); i++) {
      all[i] = base[i % period] * (1.0f + static_cast<float>(i / period % 7) * 0.125f);
    }
    return all;
  }
  template <typename T>
  Shared indices(std::int64_t n, std::int64_t below, std::int64_t least = 0) {
    std::mt19937_64 random(seed++);
    std::vector<T> all(static_cast<std::size_t>(n));
    for (T& i : all)
      i = static_cast<T>(least + static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below - least)));
    return Twins::of(all);
  }
};

using Visit = std::function<void(const TwinCase&)>;

void activations(Inputs in, std::int64_t n, const Visit& visit) {
  const std::int32_t dtype = in.dtype;
  const double width = static_cast<double>(in.width()), count = static_cast<double>(n);
  Shared a = in.stored(n), b = in.stored(n), c = in.stored(n), y = in.out(n), z = in.out(n);
  auto same = [=] { return y->same(dtype) && z->same(dtype); };
  for (std::int32_t kind : {PTC_GELU_ERF, PTC_GELU_TANH}) {
    std::string name = kind == PTC_GELU_ERF ? "gelu" : "gelu_tanh";
    visit({name, 2 * width * count,
           [=] { return ptc_gelu(nullptr, dtype, kind, a->host<void>(), n, y->host<void>()); },
           [=](void* s) { return ptc_cuda_gelu(s, dtype, kind, a->device<void>(), n, y->device<void>()); }, same});
    visit({name + "_backward", 3 * width * count,
           [=] {
             return ptc_gelu_backward(nullptr, dtype, kind, b->host<void>(), a->host<void>(), n, y->host<void>());
           },
           [=](void* s) {
             return ptc_cuda_gelu_backward(s, dtype, kind, b->device<void>(), a->device<void>(), n,
                                           y->device<void>());
           },
           same});
  }
  visit({"swiglu", 3 * width * count,
         [=] { return ptc_swiglu(nullptr, dtype, a->host<void>(), b->host<void>(), n, y->host<void>()); },
         [=](void* s) {
           return ptc_cuda_swiglu(s, dtype, a->device<void>(), b->device<void>(), n, y->device<void>());
         },
         same});
  visit({"swiglu_backward", 5 * width * count,
         [=] {
           return ptc_swiglu_backward(nullptr, dtype, c->host<void>(), a->host<void>(), b->host<void>(), n,
                                      y->host<void>(), z->host<void>());
         },
         [=](void* s) {
           return ptc_cuda_swiglu_backward(s, dtype, c->device<void>(), a->device<void>(), b->device<void>(), n,
                                           y->device<void>(), z->device<void>());
         },
         same});
  visit({"dropout", 2 * width * count,
         [=] { return ptc_dropout(nullptr, dtype, a->host<void>(), n, 0.1f, 7, 9, y->host<void>()); },
         [=](void* s) { return ptc_cuda_dropout(s, dtype, a->device<void>(), n, 0.1f, 7, 9, y->device<void>()); },
         same});
}

void norms(Inputs in, std::int64_t n, const Visit& visit) {
  const std::int32_t dtype = in.dtype;
  const std::int64_t columns = n >= 1 << 20 ? 1024 : 37, rows = n / columns;
  const double bytes = static_cast<double>(in.width() * rows * columns);
  Shared x = in.stored(rows * columns), d_y = in.stored(rows * columns), y = in.out(rows * columns);
  Shared gamma = in.floats(columns), beta = in.floats(columns), mean = in.floats(rows), rstd = in.floats(rows);
  Shared d_gamma = in.floats(columns), d_beta = in.floats(columns);
  Shared space = Twins::zeros(ptc_cuda_norm_workspace_bytes(columns));
  auto same = [=] {
    return y->same(dtype) && mean->same(PTC_FLOAT32) && rstd->same(PTC_FLOAT32) && d_gamma->same(PTC_FLOAT32) &&
           d_beta->same(PTC_FLOAT32);
  };
  visit({"layer_norm", 2 * bytes,
         [=] {
           return ptc_layer_norm(nullptr, dtype, x->host<void>(), gamma->host<float>(), beta->host<float>(), rows,
                                 columns, 1e-5f, y->host<void>(), mean->host<float>(), rstd->host<float>());
         },
         [=](void* s) {
           return ptc_cuda_layer_norm(s, dtype, x->device<void>(), gamma->device<float>(), beta->device<float>(),
                                      rows, columns, 1e-5f, y->device<void>(), mean->device<float>(),
                                      rstd->device<float>());
         },
         same});
  visit({"layer_norm_backward", 3 * bytes,
         [=] {
           return ptc_layer_norm_backward(nullptr, dtype, d_y->host<void>(), x->host<void>(), gamma->host<float>(),
                                          mean->host<float>(), rstd->host<float>(), rows, columns, y->host<void>(),
                                          d_gamma->host<float>(), d_beta->host<float>());
         },
         [=](void* s) {
           return ptc_cuda_layer_norm_backward(s, dtype, d_y->device<void>(), x->device<void>(),
                                               gamma->device<float>(), mean->device<float>(), rstd->device<float>(),
                                               rows, columns, y->device<void>(), d_gamma->device<float>(),
                                               d_beta->device<float>(), space->device<void>());
         },
         same});
  visit({"rms_norm", 2 * bytes,
         [=] {
           return ptc_rms_norm(nullptr, dtype, x->host<void>(), gamma->host<float>(), rows, columns, 1e-5f,
                               y->host<void>(), rstd->host<float>());
         },
         [=](void* s) {
           return ptc_cuda_rms_norm(s, dtype, x->device<void>(), gamma->device<float>(), rows, columns, 1e-5f,
                                    y->device<void>(), rstd->device<float>());
         },
         same});
  visit({"rms_norm_backward", 3 * bytes,
         [=] {
           return ptc_rms_norm_backward(nullptr, dtype, d_y->host<void>(), x->host<void>(), gamma->host<float>(),
                                        rstd->host<float>(), rows, columns, y->host<void>(),
                                        d_gamma->host<float>());
         },
         [=](void* s) {
           return ptc_cuda_rms_norm_backward(s, dtype, d_y->device<void>(), x->device<void>(),
                                             gamma->device<float>(), rstd->device<float>(), rows, columns,
                                             y->device<void>(), d_gamma->device<float>(), space->device<void>());
         },
         same});
  Shared labels = in.indices<std::int64_t>(rows, columns, -1);
  visit({"softmax_cross_entropy", 2 * bytes,
         [=] {
           return ptc_softmax_cross_entropy(nullptr, dtype, x->host<void>(), labels->host<std::int64_t>(), rows,
                                            columns, 0.5f, mean->host<float>(), y->host<void>());
         },
         [=](void* s) {
           return ptc_cuda_softmax_cross_entropy(s, dtype, x->device<void>(), labels->device<std::int64_t>(), rows,
                                                 columns, 0.5f, mean->device<float>(), y->device<void>());
         },
         same});
}

void positions_and_bags(Inputs in, std::int64_t n, const Visit& visit) {
  const std::int32_t dtype = in.dtype;
  constexpr std::int64_t kHeads = 4, kPositions = 128;
  const std::int64_t dim = n >= 1 << 20 ? 64 : 18, tokens = n / dim / kHeads;
  std::vector<float> angles(kPositions * dim);
  CHECK_OK(ptc_rotary_table(kPositions, dim, 10000, angles.data()));
  Shared table = Twins::of(angles), x = in.stored(tokens * kHeads * dim), y = in.out(tokens * kHeads * dim);
  Shared positions = in.indices<std::int32_t>(tokens, kPositions);
  for (std::int32_t kind : {PTC_ROTARY_HALVES, PTC_ROTARY_PAIRS}) {
    visit({kind == PTC_ROTARY_HALVES ? "rotary_halves" : "rotary_pairs",
           static_cast<double>(2 * in.width() * tokens * kHeads * dim),
           [=] {
             return ptc_rotary(nullptr, dtype, kind, kind, x->host<void>(), positions->host<std::int32_t>(), tokens,
                               kHeads, dim, table->host<float>(), kPositions, y->host<void>());
           },
           [=](void* s) {
             return ptc_cuda_rotary(s, dtype, kind, kind, x->device<void>(), positions->device<std::int32_t>(),
                                    tokens, kHeads, dim, table->device<float>(), kPositions, y->device<void>());
           },
           [=] { return y->same(dtype); }});
  }
  const std::int64_t rows = tokens * kHeads;
  const auto bags = static_cast<std::int32_t>(n / dim / 20 + 1);
  std::vector<std::int32_t> starts{0};
  std::mt19937 random(in.seed++);
  for (std::int32_t b = 0; b < bags; b++)
    starts.push_back(starts.back() + static_cast<std::int32_t>(random() % 24));
  const std::int32_t id_count = starts.back();
  Shared offsets = Twins::of(starts), ids = in.indices<std::int32_t>(id_count, rows);
  Shared out = Twins::zeros(std::int64_t{bags} * dim * 4);
  for (std::int32_t mode : {PTC_BAG_SUM, PTC_BAG_MEAN}) {
    visit({mode == PTC_BAG_SUM ? "embedding_bag_sum" : "embedding_bag_mean",
           static_cast<double>(in.width() * id_count * dim + 4 * std::int64_t{bags} * dim),
           [=] {
             return ptc_embedding_bag(nullptr, dtype, x->host<void>(), rows, dim, ids->host<std::int32_t>(),
                                      id_count, offsets->host<std::int32_t>(), bags, mode, out->host<float>());
           },
           [=](void* s) {
             return ptc_cuda_embedding_bag(s, dtype, x->device<void>(), rows, dim, ids->device<std::int32_t>(),
                                           id_count, offsets->device<std::int32_t>(), bags, mode,
                                           out->device<float>());
           },
           [=] { return out->same(PTC_FLOAT32); }});
  }
}

void conversions(Inputs in, std::int64_t n, const Visit& visit) {
  const std::int32_t dtype = in.dtype;
  Shared a = in.stored(n);
  for (auto [to, name, width] : {std::tuple(PTC_FLOAT32, "float32", 4), std::tuple(PTC_BFLOAT16, "bfloat16", 2),
                                 std::tuple(PTC_FLOAT16, "float16", 2), std::tuple(PTC_INT8, "int8", 1)}) {
    Shared out = Twins::zeros(n * width);
    visit({std::string("convert_to_") + name, static_cast<double>((in.width() + width) * n),
           [=, to = to] { return ptc_convert(nullptr, dtype, a->host<void>(), to, out->host<void>(), n, 0.03f); },
           [=, to = to](void* s) {
             return ptc_cuda_convert(s, dtype, a->device<void>(), to, out->device<void>(), n, 0.03f);
           },
           [=, to = to] { return out->same(to); }});
    if (to != PTC_INT8) continue;
    Shared back = in.out(n);
    visit({"convert_from_int8", static_cast<double>((in.width() + 1) * n),
           [=] { return ptc_convert(nullptr, PTC_INT8, out->host<void>(), dtype, back->host<void>(), n, 0.03f); },
           [=](void* s) {
             return ptc_cuda_convert(s, PTC_INT8, out->device<void>(), dtype, back->device<void>(), n, 0.03f);
           },
           [=] { return back->same(dtype); }});
  }
  Shared most = Twins::zeros(4), space = Twins::zeros(ptc_cuda_largest_magnitude_workspace_bytes(n));
  visit({"largest_magnitude", static_cast<double>(in.width() * n),
         [=] { return ptc_largest_magnitude(nullptr, dtype, a->host<void>(), n, most->host<float>()); },
         [=](void* s) {
           return ptc_cuda_largest_magnitude(s, dtype, a->device<void>(), n, space->device<void>(),
                                             most->device<float>());
         },
         [=] { return most->same(PTC_FLOAT32); }});
  const std::int64_t row_bytes = n >= 1 << 20 ? 1024 : 76, rows = n * in.width() / row_bytes;
  Shared index = in.indices<std::int64_t>(rows, rows), out = Twins::zeros(rows * row_bytes),
         refused = Twins::zeros(4);
  visit({"gather_rows", static_cast<double>(2 * rows * row_bytes),
         [=] {
           return ptc_gather_rows(nullptr, a->host<void>(), rows, row_bytes, index->host<std::int64_t>(), rows,
                                  out->host<void>());
         },
         [=](void* s) {
           return ptc_cuda_gather_rows(s, a->device<void>(), rows, row_bytes, index->device<std::int64_t>(), rows,
                                       out->device<void>(), refused->device<std::int32_t>());
         },
         [=] { return out->same(PTC_INT8) && refused->same(PTC_INT8); }});
}

// `tensors` equal pieces of four arrays, as updates of either side.
struct Parameters {
  Shared w, m, v, g, copy;
  std::int64_t size;
  std::int32_t dtype;

  std::vector<ptc_update> updates(bool device, std::int64_t tensors) const {
    std::vector<ptc_update> all;
    std::int64_t width = dtype == PTC_FLOAT32 ? 4 : 2, share = size / tensors;
    for (std::int64_t t = 0; t < tensors; t++) {
      std::int64_t from = t * share, n = t == tensors - 1 ? size - from : share;
      auto at = [&](const Shared& s) { return (device ? s->device<float>() : s->host<float>()) + from; };
      char* gradient = (device ? g->device<char>() : g->host<char>()) + from * width;
      std::uint16_t* narrow = (device ? copy->device<std::uint16_t>() : copy->host<std::uint16_t>()) + from;
      all.push_back({at(w), at(m), at(v), gradient, t % 2 == 0 ? narrow : nullptr, n, dtype, 0.01f});
    }
    return all;
  }
  bool same() const {
    return w->same(PTC_FLOAT32) && m->same(PTC_FLOAT32) && v->same(PTC_FLOAT32) && copy->same(PTC_BFLOAT16);
  }
};

// An image of about n values, made half as wide and two thirds as high; and one that becomes larger.
void images(Inputs in, std::int64_t n, const Visit& visit) {
  auto side = static_cast<std::int32_t>(std::sqrt(static_cast<double>(n) / 3));
  for (bool larger : {false, true}) {
    std::int32_t width = larger ? side / 3 + 1 : side, height = larger ? side / 2 + 1 : side;
    ptc_image_form form{larger ? width * 2 + 1 : width / 2 + 1, larger ? height + 1 : height * 2 / 3 + 1, 3,
                        larger ? PTC_IMAGE_CROP : PTC_IMAGE_STRETCH, in.dtype, 1 << 30,
                        {0.485f, 0.456f, 0.406f}, {0.229f, 0.224f, 0.225f}};
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(width) * static_cast<std::size_t>(height) * 3);
    std::mt19937 random(in.seed);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random());
    Shared pixels = Twins::of(bytes), out = Twins::zeros(ptc_image_bytes(&form));
    Shared space = Twins::zeros(ptc_cuda_image_resize_workspace_bytes(&form, width, height));
    visit({larger ? "image_enlarge" : "image_reduce",
           static_cast<double>(bytes.size()) + static_cast<double>(ptc_image_bytes(&form)),
           [=] { return ptc_image_resize(nullptr, &form, pixels->host<std::uint8_t>(), width, height, out->host<void>()); },
           [=](void* s) {
             return ptc_cuda_image_resize(s, &form, pixels->device<std::uint8_t>(), width, height,
                                          space->device<void>(), out->device<void>());
           },
           [=] { return out->same(in.dtype); }});
  }
}

void optimizers(Inputs in, std::int64_t n, const Visit& visit) {
  const std::int64_t tensors = 61;  // more than one launch
  Inputs plain = in;
  Shared gradient = plain.out(n);
  {
    auto values = plain.values(n);
    for (std::int64_t i = 0; i < n; i++) {
      if (in.dtype == PTC_FLOAT32) gradient->host<float>()[i] = values[i];
      if (in.dtype == PTC_BFLOAT16) gradient->host<std::uint16_t>()[i] = to_bfloat16(values[i]).bits;
      if (in.dtype == PTC_FLOAT16) gradient->host<std::uint16_t>()[i] = to_float16(values[i]).bits;
    }
    std::memcpy(gradient->device<char>(), gradient->host<char>(), static_cast<std::size_t>(n * in.width()));
  }
  Parameters p{plain.floats(n), Twins::zeros(4 * n), Twins::zeros(4 * n), gradient, Twins::zeros(2 * n), n,
               in.dtype};
  auto host = p.updates(false, tensors), device = p.updates(true, tensors);
  auto count = static_cast<std::int32_t>(tensors);
  Shared sum = Twins::zeros(8), factor = Twins::zeros(4);
  Shared space = Twins::zeros(ptc_cuda_square_sum_workspace_bytes(host.data(), count));
  const double width = static_cast<double>(in.width()), size = static_cast<double>(n);
  visit({"gradient_norm", width * size,
         [=] {
           CHECK_OK(ptc_gradient_square_sum(nullptr, host.data(), count, sum->host<double>()));
           return ptc_gradient_factor(*sum->host<double>(), 2, 3, factor->host<float>());
         },
         [=](void* s) {
           CHECK_OK(
               ptc_cuda_gradient_square_sum(s, device.data(), count, space->device<void>(), sum->device<double>()));
           return ptc_cuda_gradient_factor(s, sum->device<double>(), 2, 3, factor->device<float>());
         },
         [=] { return sum->same(PTC_INT8) && factor->same(PTC_FLOAT32) && *factor->host<float>() > 0; }});
  visit({"adamw", (25 + width) * size,
         [=] {
           return ptc_adamw_step(nullptr, host.data(), count, factor->host<float>(), 0.01f, 0.9f, 0.99f, 1e-8f, 2);
         },
         [=](void* s) {
           return ptc_cuda_adamw_step(s, device.data(), count, factor->device<float>(), 0.01f, 0.9f, 0.99f, 1e-8f,
                                      2);
         },
         [=] { return p.same(); }});
  for (std::int32_t nesterov : {0, 1}) {
    visit({nesterov == 0 ? "sgd_momentum" : "sgd_nesterov", (17 + width) * size,
           [=] { return ptc_sgd_step(nullptr, host.data(), count, nullptr, 0.01f, 0.9f, nesterov); },
           [=](void* s) { return ptc_cuda_sgd_step(s, device.data(), count, nullptr, 0.01f, 0.9f, nesterov); },
           [=] { return p.same(); }});
  }
  if (n > 1 << 20) return;  // Muon is bound by its products
  for (auto [rows, columns] : {std::pair<std::int64_t, std::int64_t>{90, 70}, {33, 129}}) {
    Shared muon_space = Twins::zeros(ptc_cuda_muon_workspace_bytes(rows, columns));
    auto matrix = [p, area = rows * columns](bool on_device) {
      ptc_update u = p.updates(on_device, 1)[0];
      u.count = area;
      return u;
    };
    if (rows * columns > n) continue;
    visit({"muon", 0,
           [=, rows = rows, columns = columns, u = matrix(false)] {
             return ptc_muon_step(nullptr, &u, rows, columns, factor->host<float>(), 0.01f, 0.95f, 1, 5,
                                  PTC_MUON_ORIGINAL);
           },
           [=, rows = rows, columns = columns, u = matrix(true)](void* s) {
             return ptc_cuda_muon_step(s, &u, rows, columns, factor->device<float>(), 0.01f, 0.95f, 1, 5,
                                       PTC_MUON_ORIGINAL, muon_space->device<void>());
           },
           [=] { return p.same(); }});
  }
}

}  // namespace

void for_twin_cases(std::int64_t count, std::int32_t dtype, unsigned seed, const Visit& visit) {
  Inputs in{dtype, seed};
  activations(in, count, visit);
  norms(in, count, visit);
  positions_and_bags(in, count, visit);
  conversions(in, count, visit);
  images(in, count, visit);
  optimizers(in, count, visit);
}

}  // namespace partita::tests
