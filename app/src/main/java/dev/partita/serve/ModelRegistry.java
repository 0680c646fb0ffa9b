// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.serve;

import dev.partita.batch.InstanceData;
import dev.partita.batch.JobHistory;
import dev.partita.checkpoint.BlobStore;
import dev.partita.checkpoint.CheckpointStore;
import dev.partita.config.PartitaConfig;
import dev.partita.error.ErrorCode;
import dev.partita.error.PartitaException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Registers models: gives each version weights of its own, in {@code models/} of the storage root,
 * so that checkpoints may come and go. Files → fsync → one row, as everywhere.
 */
@ApplicationScoped
public class ModelRegistry implements InstanceData {
  /** {@code <instanceId>-<name>}. */
  private static final Pattern FOLDER = Pattern.compile(".*/([0-9]{1,18})-[^/]*/");

  private final ModelRepository models;
  private final BlobStore blobs;
  private final URI folder;
  private final LongPredicate instanceExists;

  /** For the container's proxy only. */
  @SuppressWarnings("NullAway")
  protected ModelRegistry() {
    this(null, null, URI.create("file:///"), null);
  }

  @Inject
  public ModelRegistry(
      ModelRepository models, CheckpointStore checkpoints, PartitaConfig config, JobHistory jobs) {
    this(models, checkpoints.blobs(), config.storageUri(), id -> exists(jobs, id));
  }

  ModelRegistry(
      ModelRepository models, BlobStore blobs, URI storage, LongPredicate instanceExists) {
    this.models = models;
    this.blobs = blobs;
    this.folder = storage.resolve("models/");
    this.instanceExists = instanceExists;
  }

  /**
   * Gives the candidate the next version of its name, and its weights a folder that only this
   * version names. A job instance registers a name once: asked again, after a restart, it gets the
   * version it already has.
   *
   * @throws PartitaException CONFLICT when another job took the same version at the same moment;
   *     asking again helps
   */
  public ModelVersion register(ModelCandidate candidate) {
    Optional<ModelVersion> already = models.ofInstance(candidate.name(), candidate.instanceId());
    return already.isPresent()
        ? already.get()
        : models.register(candidate.withUri(ownFiles(candidate).toString()));
  }

  private URI ownFiles(ModelCandidate candidate) {
    String name = candidate.name().replaceAll("[^A-Za-z0-9._-]", "_");
    URI own = folder.resolve(candidate.instanceId() + "-" + name + "/");
    try {
      blobs.delete(own); // what a killed attempt left
      blobs.copy(
          URI.create(candidate.uri()).resolve(TextClassifier.WEIGHTS),
          own.resolve(TextClassifier.WEIGHTS));
      blobs.sync(own);
      return own;
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE,
          "the weights of model " + candidate.name() + " could not be kept: " + e,
          e);
    }
  }

  /** Its candidate goes; what it registered stays. */
  @Override
  public void purge(long instanceId) {
    models.purge(instanceId);
  }

  /** Deletes weights that a job copied before it died, if it was purged since. */
  @Override
  public void sweep() {
    try {
      List<URI> all = blobs.list(folder);
      for (URI own : all) {
        Matcher name = FOLDER.matcher(own.toString());
        if (name.matches()
            && !instanceExists.test(Long.parseLong(name.group(1)))
            && !models.folders().contains(own)) {
          blobs.delete(own);
        }
      }
    } catch (IOException e) {
      throw new PartitaException(
          ErrorCode.STORAGE_FAILURE, "could not sweep " + folder + ": " + e, e);
    }
  }

  private static boolean exists(JobHistory jobs, long instanceId) {
    try {
      return jobs.instance(instanceId).instanceId() == instanceId;
    } catch (PartitaException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }
}
