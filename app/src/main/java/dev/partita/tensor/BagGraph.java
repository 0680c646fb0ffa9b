// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.tensor;

import dev.partita.nativecore.global.PartitaCore;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.Reduction;
import org.jspecify.annotations.Nullable;

/**
 * The model's graph in libtorch. The embedding takes no part in autograd: its gradient is that of
 * the pooled rows, which the core spreads over the rows (libtorch would make a sparse tensor with
 * duplicates and sort it again in the optimizer).
 */
final class BagGraph implements AutoCloseable {
  private static final long MODE_MEAN = 1;
  private static final long IGNORE_NO_INDEX = -100;

  private final BagModel model;
  private volatile @Nullable Views views;

  BagGraph(BagModel model) {
    this.model = model;
  }

  /** Tensors over the model's memory, made at the first use, and with them libtorch loaded. */
  private record Views(
      Tensor embedding,
      Tensor weight,
      Tensor bias,
      TensorOptional optionalBias,
      TensorOptional none)
      implements AutoCloseable {

    static Views of(BagModel model) {
      int classes = model.classes();
      int dim = model.dim();
      Tensor embedding = Torch.float32(model.embedding(), model.buckets(), dim);
      Tensor weight = Torch.float32(model.dense(), classes, dim).requires_grad_(true);
      FloatPointer biases = model.dense().getPointer((long) classes * dim);
      Tensor bias = Torch.float32(biases, classes).requires_grad_(true);
      return new Views(embedding, weight, bias, new TensorOptional(bias), new TensorOptional());
    }

    @Override
    public void close() {
      optionalBias.close();
      none.close();
      bias.close();
      weight.close();
      embedding.close();
    }
  }

  private Views views() {
    Views made = views;
    return made != null ? made : makeViews();
  }

  private synchronized Views makeViews() {
    Views made = views;
    if (made == null) {
      Torch.load();
      made = Views.of(model);
      views = made;
    }
    return made;
  }

  @SuppressWarnings("try") // the scope is there to be closed
  void gradient(FeatureBatch batch, int[] labels, float scale, ShardGradient into) {
    Views v = views();
    try (PointerScope scope = new PointerScope()) {
      LongPointer nativeLabels = into.nativeLabels(labels);
      Tensor pooled = pooled(v, batch).requires_grad_(true);
      Tensor logits = torch.linear(pooled, v.weight, v.optionalBias);
      Tensor loss =
          torch.cross_entropy_loss(
              logits,
              Torch.int64(nativeLabels, labels.length),
              v.none,
              Reduction.Sum.value,
              IGNORE_NO_INDEX,
              0.0);
      // The scale enters as the gradient of the loss: no extra node in the graph.
      TensorVector gradients =
          torch.grad(
              new TensorVector(loss),
              new TensorVector(pooled, v.weight, v.bias),
              new TensorVector(Torch.scalar(scale)),
              new BoolOptional(),
              false,
              false);
      store(batch, gradients, into);
      int correct =
          PartitaCore.ptc_count_correct(
              logits.data_ptr_float(), nativeLabels, labels.length, model.classes());
      into.measured(loss.item_float(), labels.length, correct);
    } catch (RuntimeException e) {
      throw CoreStatus.torchFailure("the gradient of a micro-shard failed", e);
    }
  }

  private Tensor pooled(Views v, FeatureBatch batch) {
    var handle = batch.handle();
    Tensor ids =
        Torch.int32(PartitaCore.ptc_features_ids(handle), PartitaCore.ptc_features_count(handle));
    Tensor offsets = Torch.int32(PartitaCore.ptc_features_offsets(handle), batch.size() + 1L);
    return torch
        .embedding_bag(v.embedding, ids, offsets, false, MODE_MEAN, false, v.none, true)
        .get0();
  }

  /** Gradients of [pooled, weight, bias], in this order. */
  private void store(FeatureBatch batch, TensorVector gradients, ShardGradient into) {
    CoreStatus.check(
        PartitaCore.ptc_row_gradient_build(
            into.rows(), batch.handle(), gradients.get(0).contiguous().data_ptr_float()));
    long weights = (long) model.classes() * model.dim();
    FloatPointer dense = into.dense();
    copy(gradients.get(1), dense, weights);
    copy(gradients.get(2), dense.getPointer(weights), model.classes());
  }

  private static void copy(Tensor from, FloatPointer to, long count) {
    Pointer.memcpy(to, from.contiguous().data_ptr_float(), count * Float.BYTES);
  }

  @SuppressWarnings("try") // as above
  float[] probabilities(FeatureBatch batch) {
    Views v = views();
    try (PointerScope scope = new PointerScope();
        AutoGradMode off = new AutoGradMode(false)) {
      Tensor logits = torch.linear(pooled(v, batch), v.weight, v.optionalBias);
      float[] values = new float[Math.multiplyExact(batch.size(), model.classes())];
      torch.softmax(logits, 1).data_ptr_float().get(values);
      return values;
    } catch (RuntimeException e) {
      throw CoreStatus.torchFailure("the classification of a batch failed", e);
    }
  }

  @Override
  public synchronized void close() {
    Views made = views;
    if (made != null) {
      made.close();
      views = null;
    }
  }
}
