// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.it.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.partita.it.server.Checkout;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesIT {
  private static final String DEV = "overlays/dev";

  @ParameterizedTest
  @ValueSource(strings = {"base", DEV})
  void everyManifestIsWhatItsKindAllows(String folder) {
    assertThat(StrictManifests.read(Kustomize.render(folder)))
        .extracting(HasMetadata::getKind)
        .contains(
            "Deployment",
            "Service",
            "ConfigMap",
            "ServiceAccount",
            "PersistentVolumeClaim",
            "NetworkPolicy",
            "PodDisruptionBudget")
        .doesNotContain("Secret");
  }

  @ParameterizedTest
  @CsvSource({
    "maxSurge:, maxSurges:, no such field",
    "replicas: 2, replicas: two, two",
    "replicas: 2, replicas: \"2\", is read as",
    "readOnlyRootFilesystem: true, readonlyRootFilesystem: true, no such field",
    "periodSeconds: 10, periodSeconds: 10s, 10s",
    "apiVersion: apps/v1, apiVersion: apps/v9, not a kind",
    "containerPort: 9443, containerPort: \"9443\", is read as",
  })
  void wrongTypesAndMisspeltFieldsAreRefused(String right, String wrong, String reason) {
    String yaml = Kustomize.render(DEV);
    assertThat(yaml).contains(right);
    assertThatThrownBy(() -> StrictManifests.read(yaml.replaceFirst(right, wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void everyPodMeetsTheRestrictedStandardAndBoundsItsMemory() {
    for (Map.Entry<String, PodTemplateSpec> pod : pods(DEV).entrySet()) {
      PodSpec spec = pod.getValue().getSpec();
      assertThat(spec.getSecurityContext().getRunAsNonRoot()).as(pod.getKey()).isTrue();
      assertThat(spec.getSecurityContext().getSeccompProfile().getType())
          .as(pod.getKey())
          .isEqualTo("RuntimeDefault");
      assertThat(spec.getAutomountServiceAccountToken()).as(pod.getKey()).isFalse();
      assertThat(containers(spec)).as(pod.getKey()).isNotEmpty();
      for (Container container : containers(spec)) {
        String name = pod.getKey() + "/" + container.getName();
        var context = container.getSecurityContext();
        assertThat(context.getAllowPrivilegeEscalation()).as(name).isFalse();
        assertThat(context.getReadOnlyRootFilesystem()).as(name).isTrue();
        assertThat(context.getCapabilities().getDrop()).as(name).containsExactly("ALL");
        assertThat(container.getResources().getRequests()).as(name).containsKeys("cpu", "memory");
        assertThat(container.getResources().getLimits()).as(name).containsKey("memory");
        assertThat(container.getVolumeMounts())
            .as("%s mounts what the pod has", name)
            .extracting(VolumeMount::getName)
            .allMatch(
                v ->
                    spec.getVolumes().stream().anyMatch(has -> has.getName().equals(v))
                        || pod.getKey().startsWith("StatefulSet"));
      }
    }
  }

  @Test
  void theServerIsProbedDrainedAndGivenTimeForBoth() {
    PodSpec spec = server(DEV).getSpec();
    Container server = spec.getContainers().get(0);
    Map<String, Probe> probes =
        Map.of(
            "/health/started", server.getStartupProbe(),
            "/health/live", server.getLivenessProbe(),
            "/health/ready", server.getReadinessProbe());
    String host =
        settings(DEV).get("PARTITA_PUBLIC_HOST") + ":" + settings(DEV).get("PARTITA_HTTPS_PORT");
    probes.forEach(
        (path, probe) -> {
          assertThat(probe.getHttpGet().getPath()).isEqualTo(path);
          assertThat(probe.getHttpGet().getScheme()).isEqualTo("HTTPS");
          assertThat(probe.getHttpGet().getHttpHeaders())
              .as("the one name the server answers for")
              .singleElement()
              .satisfies(header -> assertThat(header.getValue()).isEqualTo(host));
        });
    assertThat(server.getLifecycle().getPreStop()).isNotNull();
  }

  @Test
  void everySettingIsAKeyOfTheReference() throws IOException {
    String reference = Files.readString(Checkout.find().root().resolve("liberty-config/README.md"));
    Set<String> keys =
        Stream.of(reference.split("`"))
            .filter(word -> word.startsWith("partita."))
            .map(word -> word.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT))
            .collect(Collectors.toSet());
    Set<String> used = new HashSet<>(settings(DEV).keySet());
    server(DEV).getSpec().getContainers().get(0).getEnv().stream()
        .map(EnvVar::getName)
        .forEach(used::add);
    assertThat(keys).containsAll(used);
  }

  @Test
  void nothingIsOpenButThePortsThatAreUsed() {
    List<NetworkPolicy> policies = all(DEV, NetworkPolicy.class);
    assertThat(policies)
        .as("a policy that denies everything to every pod of Partita")
        .anyMatch(
            p ->
                p.getSpec().getIngress().isEmpty()
                    && p.getSpec().getEgress().isEmpty()
                    && p.getSpec().getPolicyTypes().containsAll(List.of("Ingress", "Egress")));
    PodTemplateSpec server = server(DEV);
    Set<Integer> listened =
        server.getSpec().getContainers().get(0).getPorts().stream()
            .map(ContainerPort::getContainerPort)
            .collect(Collectors.toSet());
    Set<Integer> open =
        policies.stream()
            .filter(p -> selects(p.getSpec().getPodSelector().getMatchLabels(), server))
            .flatMap(p -> p.getSpec().getIngress().stream())
            .flatMap(rule -> rule.getPorts().stream())
            .map(NetworkPolicyPort::getPort)
            .map(port -> port.getIntVal())
            .collect(Collectors.toSet());
    assertThat(open).isEqualTo(listened);
  }

  @Test
  void servicesBudgetsAndPoliciesSelectPodsThatExist() {
    for (String folder : List.of("base", DEV)) {
      List<PodTemplateSpec> pods = List.copyOf(pods(folder).values());
      List<Map<String, String>> selectors = new ArrayList<>();
      all(folder, Service.class).forEach(s -> selectors.add(s.getSpec().getSelector()));
      all(folder, PodDisruptionBudget.class)
          .forEach(b -> selectors.add(b.getSpec().getSelector().getMatchLabels()));
      all(folder, NetworkPolicy.class)
          .forEach(p -> selectors.add(p.getSpec().getPodSelector().getMatchLabels()));
      assertThat(selectors)
          .isNotEmpty()
          .allSatisfy(
              selector ->
                  assertThat(pods)
                      .as("%s in %s", selector, folder)
                      .anyMatch(pod -> selects(selector, pod)));
    }
  }

  @Test
  void noSecretIsWrittenDown() {
    for (String folder : List.of("base", DEV)) {
      assertThat(all(folder, Secret.class)).isEmpty();
      pods(folder).values().stream()
          .flatMap(pod -> containers(pod.getSpec()).stream())
          .flatMap(container -> container.getEnv().stream())
          .filter(env -> env.getName().matches(".*(PASSWORD|SECRET|TOKEN).*"))
          .forEach(env -> assertThat(env.getValue()).as(env.getName()).isNull());
    }
  }

  private static boolean selects(Map<String, String> labels, PodTemplateSpec pod) {
    return pod.getMetadata().getLabels().entrySet().containsAll(labels.entrySet());
  }

  private static PodTemplateSpec server(String folder) {
    return all(folder, Deployment.class).get(0).getSpec().getTemplate();
  }

  private static Map<String, String> settings(String folder) {
    return all(folder, ConfigMap.class).get(0).getData();
  }

  private static List<Container> containers(PodSpec spec) {
    return Stream.concat(spec.getInitContainers().stream(), spec.getContainers().stream()).toList();
  }

  private static Map<String, PodTemplateSpec> pods(String folder) {
    return Stream.concat(
            all(folder, Deployment.class).stream()
                .map(
                    d ->
                        Map.entry(
                            "Deployment " + d.getMetadata().getName(), d.getSpec().getTemplate())),
            all(folder, StatefulSet.class).stream()
                .map(
                    s ->
                        Map.entry(
                            "StatefulSet " + s.getMetadata().getName(), s.getSpec().getTemplate())))
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static <T extends HasMetadata> List<T> all(String folder, Class<T> type) {
    return StrictManifests.read(Kustomize.render(folder)).stream()
        .filter(type::isInstance)
        .map(type::cast)
        .toList();
  }
}
