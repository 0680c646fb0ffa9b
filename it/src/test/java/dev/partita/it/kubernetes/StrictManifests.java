// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Reads manifests as strictly as the API server would: each is read into the type of its kind and
 * written again; what comes back must be what was there. A value of a wrong type comes back as
 * another; a misspelt field is one the type does not have.
 */
final class StrictManifests {
  private static final YAMLMapper YAML = new YAMLMapper();
  private static final KubernetesSerialization KUBERNETES = new KubernetesSerialization();

  private StrictManifests() {}

  /**
   * Every document of a stream of YAML.
   *
   * @throws IllegalArgumentException naming the manifest and the field
   */
  static List<HasMetadata> read(String stream) {
    List<HasMetadata> manifests = new ArrayList<>();
    for (String document : List.of(stream.split("(?m)^---$", -1))) {
      JsonNode tree = YAML.readTree(document);
      if (!tree.isMissingNode() && !tree.isNull()) {
        manifests.add(one(tree, document));
      }
    }
    return manifests;
  }

  private static HasMetadata one(JsonNode tree, String document) {
    String name = tree.path("kind").asString() + " " + tree.at("/metadata/name").asString();
    try {
      HasMetadata manifest = KUBERNETES.unmarshal(document);
      if (manifest instanceof GenericKubernetesResource) {
        throw new IllegalArgumentException(name + ": not a kind of this apiVersion");
      }
      known(name, manifest);
      same(name, tree, YAML.readTree(KUBERNETES.asYaml(manifest)));
      return manifest;
    } catch (JacksonException e) {
      throw new IllegalArgumentException(name + ": " + e.getOriginalMessage(), e);
    }
  }

  /** No object within has a field that its type does not name. */
  private static void known(String path, @Nullable Object value) {
    if (value instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        known(path + "[" + i + "]", list.get(i));
      }
    } else if (value instanceof Map<?, ?> map) {
      map.forEach((key, one) -> known(path + "." + key, one));
    } else if (value != null && value.getClass().getName().startsWith("io.fabric8.")) {
      for (Method getter : value.getClass().getMethods()) {
        if (getter.getName().startsWith("get") && getter.getParameterCount() == 0) {
          Object field = call(getter, value);
          if (getter.getName().equals("getAdditionalProperties")
              && field instanceof Map<?, ?> unknown
              && !unknown.isEmpty()) {
            throw new IllegalArgumentException(path + ": no such field: " + unknown.keySet());
          }
          if (!(field instanceof Class)) {
            known(path + "." + getter.getName().substring(3), field);
          }
        }
      }
    }
  }

  private static @Nullable Object call(Method getter, Object target) {
    try {
      return getter.invoke(target);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot read " + getter, e);
    }
  }

  private static void same(String path, JsonNode written, JsonNode read) {
    if (written.isObject() && read.isObject()) {
      for (Map.Entry<String, JsonNode> field : written.properties()) {
        JsonNode back = read.path(field.getKey());
        boolean empty = field.getValue().isContainer() && field.getValue().isEmpty();
        if (!(empty && back.isMissingNode())) {
          same(path + "." + field.getKey(), field.getValue(), back);
        }
      }
    } else if (written.isArray() && read.isArray() && written.size() == read.size()) {
      for (int i = 0; i < written.size(); i++) {
        same(path + "[" + i + "]", written.get(i), read.get(i));
      }
    } else if (!written.equals(read)) {
      throw new IllegalArgumentException(
          read.isMissingNode()
              ? path + ": no such field"
              : path + ": " + written + " is read as " + read);
    }
  }
}
