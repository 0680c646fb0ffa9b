// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.batch;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.enterprise.context.spi.CreationalContext;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.enterprise.inject.spi.BeanManager;
import java.lang.reflect.Proxy;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A bean without a name is still a bean, by whatever the job definition calls its class. */
class CdiArtifactFactoryTest {
  private static final Class<?> TYPE = EngineArtifacts.Call.class;
  private static final Bean<?> BEAN =
      stub(Bean.class, (method, arguments) -> method.equals("getBeanClass") ? TYPE : null);

  @Test
  void aRefThatIsAClassFindsItsBean() {
    CdiArtifactFactory factory = new CdiArtifactFactory(beans());
    ClassLoader loader = Objects.requireNonNull(getClass().getClassLoader());
    assertThat(factory.getArtifactClass(TYPE.getName(), loader)).isEqualTo(TYPE);
    Object made = factory.create(TYPE.getName(), null, loader);
    assertThat(made).isInstanceOf(TYPE);
    assertThat(factory.live()).isOne();
    factory.destroy(made);
    assertThat(factory.live()).isZero();
  }

  @Test
  void aClassThatIsNoBeanAndANameOfNothingAreLeftToTheEngine() {
    CdiArtifactFactory factory = new CdiArtifactFactory(beans());
    ClassLoader loader = Objects.requireNonNull(getClass().getClassLoader());
    assertThat(factory.create(EngineArtifacts.Rows.class.getName(), null, loader)).isNull();
    assertThat(factory.create("nothing", null, loader)).isNull();
  }

  /** A bean manager that knows one bean, which has no name. */
  private static BeanManager beans() {
    CreationalContext<?> context = stub(CreationalContext.class, (method, arguments) -> null);
    return stub(
        BeanManager.class,
        (method, arguments) ->
            switch (method) {
              case "getBeans" -> arguments[0] == TYPE ? Set.of(BEAN) : Set.of();
              case "resolve" -> BEAN;
              case "createCreationalContext" -> context;
              case "getReference" -> new EngineArtifacts.Call();
              default -> throw new UnsupportedOperationException(method);
            });
  }

  @FunctionalInterface
  private interface Answer {
    @Nullable Object to(String method, Object[] arguments);
  }

  private static <T> T stub(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  default -> answer.to(method.getName(), arguments);
                }));
  }
}
