// SPDX-FileCopyrightText: 2026 The Partita authors
// SPDX-License-Identifier: Apache-2.0
package dev.partita.task;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes and reads {@link ObjectRef}s in values, as {@code [owner, number, pod]}, and {@link
 * ActorRef}s, as {@code [class, delivery, (pod, id, id)…]}.
 */
final class RefModule extends SimpleModule {
  private static final long serialVersionUID = 1L;

  RefModule(Supplier<References> references, Supplier<TaskNode> node) {
    super("partita-refs");
    addSerializer(ObjectRef.class, new Writer(references));
    addDeserializer(ObjectRef.class, new Reader(references, null));
    addSerializer(ActorRef.class, new ActorWriter(node));
    addDeserializer(ActorRef.class, new ActorReader(node));
  }

  @SuppressWarnings("rawtypes") // so Jackson registers classes
  private static final class Writer extends JsonSerializer<ObjectRef> {
    private final Supplier<References> references;

    Writer(Supplier<References> references) {
      this.references = references;
    }

    @Override
    public void serialize(ObjectRef ref, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      references.get().met((ObjectRef<?>) ref);
      out.writeStartArray(ref, 3);
      out.writeNumber(ref.refId().owner());
      out.writeNumber(ref.refId().number());
      out.writeString(ref.owner());
      out.writeEndArray();
    }
  }

  @SuppressWarnings("rawtypes")
  private static final class Reader extends JsonDeserializer<ObjectRef>
      implements ContextualDeserializer {
    private final Supplier<References> references;
    private final @Nullable JavaType type;

    Reader(Supplier<References> references, @Nullable JavaType type) {
      this.references = references;
      this.type = type;
    }

    @Override
    public JsonDeserializer<?> createContextual(
        DeserializationContext context, @Nullable BeanProperty property) {
      JavaType own = context.getContextualType();
      JavaType of = own == null ? null : own.containedType(0);
      return new Reader(references, of == null ? context.constructType(Object.class) : of);
    }

    @Override
    public @Nullable ObjectRef deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      if (!in.isExpectedStartArrayToken() || type == null) {
        return (ObjectRef) context.handleUnexpectedToken(ObjectRef.class, in);
      }
      long owner = in.nextLongValue(0);
      long number = in.nextLongValue(0);
      String pod = in.nextTextValue();
      in.nextToken();
      return references.get().read(new RefId(owner, number), String.valueOf(pod), type);
    }
  }

  @SuppressWarnings("rawtypes")
  private static final class ActorWriter extends JsonSerializer<ActorRef> {
    private final Supplier<TaskNode> node;

    ActorWriter(Supplier<TaskNode> node) {
      this.node = node;
    }

    @Override
    public void serialize(ActorRef ref, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      ActorRef<?> known = (ActorRef<?>) ref;
      out.writeStartArray();
      out.writeString(known.type().name());
      out.writeString(known.delivery().name());
      for (OwnedActor actor : known.replicas()) {
        out.writeString(actor.owner == null ? node.get().holder() : actor.owner);
        out.writeNumber(actor.id.high());
        out.writeNumber(actor.id.low());
      }
      out.writeEndArray();
    }
  }

  @SuppressWarnings("rawtypes")
  private static final class ActorReader extends JsonDeserializer<ActorRef> {
    private final Supplier<TaskNode> node;

    ActorReader(Supplier<TaskNode> node) {
      this.node = node;
    }

    @Override
    public @Nullable ActorRef deserialize(JsonParser in, DeserializationContext context)
        throws IOException {
      if (!in.isExpectedStartArrayToken()) {
        return (ActorRef) context.handleUnexpectedToken(ActorRef.class, in);
      }
      TaskNode own = node.get();
      ActorType type = own.registry().actor(String.valueOf(in.nextTextValue()));
      Delivery delivery = Delivery.valueOf(String.valueOf(in.nextTextValue()));
      List<OwnedActor> actors = new ArrayList<>();
      while (in.nextToken() == JsonToken.VALUE_STRING) {
        String owner = in.getText();
        ActorId id = new ActorId(in.nextLongValue(0), in.nextLongValue(0));
        actors.add(own.actors().of(owner, id, type, delivery));
      }
      return ActorRef.read(own, type, List.copyOf(actors), delivery);
    }
  }
}
