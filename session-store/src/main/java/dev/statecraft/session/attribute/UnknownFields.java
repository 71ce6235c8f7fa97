package dev.statecraft.session.attribute;

import java.util.BitSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.deser.DeserializationProblemHandler;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fields of stored JSON that this version of a type does not have. A write of this version must keep them, or a rolling
 * upgrade loses what the newer version wrote.
 */
final class UnknownFields {
  /** Attribute of one read: a set that collects the names. */
  private static final Object COLLECTOR = UnknownFields.class;
  private static final String TYPE_FIELD = "@class";

  private final Set<String> names;

  /**
   * Makes the merge of one write.
   *
   * @param names of the fields that the read found to be unknown
   */
  UnknownFields(Set<String> names) {
    this.names = names;
  }

  static Object collectorKey() {
    return COLLECTOR;
  }

  /** Adds the name of each unknown field to the set of the read, and lets Jackson skip the field. */
  static final class Collector extends DeserializationProblemHandler {
    @Override
    @SuppressWarnings("unchecked")
    public boolean handleUnknownProperty(DeserializationContext context, JsonParser parser,
        @Nullable ValueDeserializer<?> deserializer, Object bean, String name) {
      if (context.getAttribute(COLLECTOR) instanceof Set<?> found) {
        ((Set<String>) found).add(name);
      }
      return false;
    }
  }

  /**
   * Adds the unknown fields to the new JSON.
   *
   * @param original JSON that another version wrote
   * @param known the same as this version reads and writes it
   * @param changed JSON of the new value; is modified
   */
  void addTo(JsonNode changed, JsonNode original, JsonNode known) {
    if (changed instanceof ObjectNode target && original instanceof ObjectNode source
        && known instanceof ObjectNode readable && hasSameType(target, source)) {
      for (String field : source.propertyNames()) {
        JsonNode value = source.get(field);
        JsonNode readableValue = readable.get(field);
        JsonNode targetValue = target.get(field);
        if (readableValue == null && targetValue == null && names.contains(field)) {
          target.set(field, value);
        } else if (readableValue != null && targetValue != null) {
          addTo(targetValue, value, readableValue);
        }
      }
    } else if (changed instanceof ArrayNode target && original instanceof ArrayNode source
        && known instanceof ArrayNode readable && source.size() == readable.size()) {
      addToElements(target, source, readable);
    }
  }

  private static boolean hasSameType(ObjectNode one, ObjectNode other) {
    JsonNode type = one.get(TYPE_FIELD);
    return type == null ? !other.has(TYPE_FIELD) : type.equals(other.get(TYPE_FIELD));
  }

  /** Pairs elements that did not change, wherever they are now; then the rest by position. */
  private void addToElements(ArrayNode changed, ArrayNode original, ArrayNode known) {
    BitSet pairedNew = new BitSet();
    BitSet pairedOld = new BitSet();
    for (int i = 0; i < changed.size(); i++) {
      if (i < known.size() && known.get(i).equals(changed.get(i))) {
        pair(i, i, pairedNew, pairedOld, changed, original, known);
      }
    }
    for (int i = pairedNew.nextClearBit(0); i < changed.size(); i = pairedNew.nextClearBit(i + 1)) {
      for (int old = pairedOld.nextClearBit(0); old < known.size(); old = pairedOld.nextClearBit(old + 1)) {
        if (known.get(old).equals(changed.get(i))) {
          pair(i, old, pairedNew, pairedOld, changed, original, known);
          break;
        }
      }
    }
    for (int i = pairedNew.nextClearBit(0); i < changed.size(); i = pairedNew.nextClearBit(i + 1)) {
      if (i < known.size() && !pairedOld.get(i)) {
        addTo(changed.get(i), original.get(i), known.get(i));
      }
    }
  }

  private void pair(int index, int oldIndex, BitSet pairedNew, BitSet pairedOld, ArrayNode changed, ArrayNode original,
      ArrayNode known) {
    pairedNew.set(index);
    pairedOld.set(oldIndex);
    addTo(changed.get(index), original.get(oldIndex), known.get(oldIndex));
  }
}
