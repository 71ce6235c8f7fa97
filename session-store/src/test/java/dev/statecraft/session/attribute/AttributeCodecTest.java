package dev.statecraft.session.attribute;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeCodecTest {
  private static final AtomicBoolean GADGET_CONSTRUCTED = new AtomicBoolean();

  private final AttributeCodec codec = new AttributeCodec(List.of(Box.class));

  record Box(Object content, List<String> labels) {}

  /** A class whose constructor does harm. */
  static final class Gadget {
    Gadget() {
      GADGET_CONSTRUCTED.set(true);
    }
  }

  @Test
  void decodesNestedTypes() {
    Box box = new Box(new Box(7L, List.of()), List.of("a"));

    assertThat(codec.decode(codec.encode(box)).value()).isEqualTo(box);
  }

  @Test
  void neverInstantiatesTypeThatIsNotAllowed() {
    String gadget = "{\"@class\":\"" + Gadget.class.getName() + "\"}";

    assertThatExceptionOfType(UnreadableAttributeException.class)
        .isThrownBy(() -> codec.decode(gadget.getBytes(UTF_8)));
    String nested = "{\"@class\":\"" + Box.class.getName() + "\",\"labels\":[],\"content\":" + gadget + "}";
    assertThatExceptionOfType(UnreadableAttributeException.class)
        .isThrownBy(() -> codec.decode(nested.getBytes(UTF_8)));
    assertThat(GADGET_CONSTRUCTED).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {
    "", "{", "null", "[]", "[\"java.lang.ProcessBuilder\",[]]", "{\"a\":1}",
    "\"a\" \"b\"",
    "\u0000\u0001", "[\"java.lang.Long\",\"x\"]"})
  void rejectsDamagedBytes(String bytes) {
    assertThatExceptionOfType(UnreadableAttributeException.class).isThrownBy(() -> codec.decode(bytes.getBytes(UTF_8)));
  }

  @Test
  void rejectsDeeplyNestedBytes() {
    assertThatExceptionOfType(UnreadableAttributeException.class)
        .isThrownBy(() -> codec.decode("[\"java.lang.Long\",".repeat(5000).getBytes(UTF_8)));
  }

  @Test
  void refusesTypeThatIsNotAllowed() {
    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> codec.accept("gadget", new Gadget(), null))
        .withMessageContaining(Gadget.class.getName())
        .withMessageContaining("'gadget'");
  }
}
