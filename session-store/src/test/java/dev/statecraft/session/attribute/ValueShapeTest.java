package dev.statecraft.session.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ValueShapeTest {
  /** Copies nothing, so that the list may change. */
  record Loose(List<String> items) {}

  record Holder(@Nullable Object content) {}

  record NotAllowed(String name) {}

  private final AttributeCodec codec = new AttributeCodec(List.of(Loose.class, Holder.class));

  private String encoded(StoredAttribute attribute) {
    return new String(codec.encode(attribute), StandardCharsets.UTF_8);
  }

  @Test
  void valuesThatCannotChangeHaveShape() {
    assertThat(ValueShape.of("text")).isPresent();
    assertThat(ValueShape.of(new Loose(List.of("a", "b")))).isPresent()
        .isEqualTo(ValueShape.of(new Loose(List.of("c", "d", "e"))));
    assertThat(ValueShape.of(new Holder(null))).isPresent().isNotEqualTo(ValueShape.of(new Holder("a")));
    assertThat(ValueShape.of(new Holder(1L))).isPresent().isNotEqualTo(ValueShape.of(new Holder("a")));
  }

  @Test
  void otherValuesHaveNone() {
    assertThat(ValueShape.of(new ArrayList<>())).isEmpty();
    assertThat(ValueShape.of(Collections.unmodifiableList(new ArrayList<>()))).isEmpty();
    assertThat(ValueShape.of(new Loose(new ArrayList<>()))).isEmpty();
    assertThat(ValueShape.of(new Holder(new int[0]))).isEmpty();
    assertThat(ValueShape.of(Double.NaN)).isEmpty();
    assertThat(ValueShape.of(List.of(Arrays.asList(1)))).isEmpty();
    assertThat(ValueShape.of(Collections.nCopies(3, "a"))).isEmpty();
  }

  @Test
  void laterChangesOfMutableValueAreSaved() {
    List<String> items = new ArrayList<>(List.of("a"));
    StoredAttribute list = codec.accept("list", items, null);
    StoredAttribute loose = codec.accept("loose", new Loose(items), null);
    items.add("b");

    assertThat(encoded(list)).contains("\"a\",\"b\"");
    assertThat(encoded(loose)).contains("\"a\",\"b\"");
  }

  @Test
  void immutableValueIsEncodedOnce() {
    StoredAttribute attribute = codec.accept("loose", new Loose(List.of("a")), null);

    assertThat(codec.encode(attribute)).isSameAs(codec.encode(attribute)).isNotSameAs(codec.encode(attribute.value()))
        .isEqualTo(codec.encode(attribute.value()));
    assertThat(codec.encode(attribute.withoutEncoding())).isEqualTo(codec.encode(attribute.value()));
  }

  @Test
  void acceptedValueAllowsNoOtherTypeInItsPlace() {
    codec.accept("holder", new Holder("a"), null);
    codec.accept("holder", new Holder(List.of("a")), null);

    for (Object content : List.of(new NotAllowed("x"), List.of(new NotAllowed("x")))) {
      assertThatIllegalArgumentException().isThrownBy(() -> codec.accept("holder", new Holder(content), null))
          .withMessageContaining(NotAllowed.class.getName());
    }
  }
}
