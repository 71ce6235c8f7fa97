package dev.statecraft.session.attribute;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Two versions of a type, both live: what one writes, the other reads, changes and writes. */
class RollingUpgradeTest {
  /** The name under which each version is stored; a codec of a version knows only its own class. */
  record CartV1(List<ItemV1> items, AddressV1 address) {}

  record ItemV1(String name) {}

  record AddressV1(String city) {}

  record CartV2(List<ItemV2> items, AddressV2 address, @Nullable String state, long total) {}

  record ItemV2(String name, @Nullable String color) {}

  record AddressV2(String city, @Nullable String zip) {}

  /** Asks Jackson to ignore unknown fields, which must not lose them. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record IgnoringV1(String name) {}

  record IgnoringV2(String name, List<String> tags) {}

  private final AttributeCodec codec = new AttributeCodec(
      List.of(CartV1.class, CartV2.class, IgnoringV1.class, IgnoringV2.class));

  /** Turns the bytes of one version into those of another: only the name of the class differs. */
  private static byte[] as(Class<?> type, byte[] json) {
    return new String(json, UTF_8).replaceAll("V[12]\"", type.getSimpleName().replaceAll(".*(V.)", "$1") + "\"")
        .getBytes(UTF_8);
  }

  private <T> byte[] changedByOldNode(byte[] json, Class<T> type, UnaryOperator<T> change) {
    StoredAttribute read = codec.decode(as(type, json));
    return codec.encode(codec.accept("cart", change.apply(type.cast(read.value())), read));
  }

  private CartV2 asNew(byte[] json) {
    return (CartV2) codec.decode(as(CartV2.class, json)).value();
  }

  private static final CartV2 PAID = new CartV2(
      List.of(new ItemV2("apple", "green"), new ItemV2("pear", "yellow")), new AddressV2("Bern", "3000"), "paid", 7);

  @Test
  void oldVersionKeepsFieldsOfNewOne() {
    byte[] stored = changedByOldNode(codec.encode(PAID), CartV1.class,
        cart -> new CartV1(cart.items(), new AddressV1("Basel")));

    assertThat(asNew(stored)).isEqualTo(new CartV2(PAID.items(), new AddressV2("Basel", "3000"), "paid", 7));
  }

  @Test
  void fieldsSurviveSeveralWrites() {
    byte[] stored = codec.encode(PAID);
    for (int i = 0; i < 3; i++) {
      stored = changedByOldNode(stored, CartV1.class, cart -> {
        List<ItemV1> items = new ArrayList<>(cart.items());
        items.add(new ItemV1("fig"));
        return new CartV1(items, cart.address());
      });
    }

    assertThat(asNew(stored).state()).isEqualTo("paid");
    assertThat(asNew(stored).items()).containsExactly(new ItemV2("apple", "green"), new ItemV2("pear", "yellow"),
        new ItemV2("fig", null), new ItemV2("fig", null), new ItemV2("fig", null));
  }

  @Test
  void elementsKeepTheirFieldsWhenOthersAreRemovedOrMoved() {
    byte[] removed = changedByOldNode(codec.encode(PAID), CartV1.class,
        cart -> new CartV1(List.of(new ItemV1("pear")), cart.address()));
    assertThat(asNew(removed).items()).containsExactly(new ItemV2("pear", "yellow"));

    byte[] moved = changedByOldNode(codec.encode(PAID), CartV1.class,
        cart -> new CartV1(cart.items().reversed(), cart.address()));
    assertThat(asNew(moved).items()).containsExactly(new ItemV2("pear", "yellow"), new ItemV2("apple", "green"));
  }

  @Test
  void changedElementKeepsItsFields() {
    byte[] stored = changedByOldNode(codec.encode(PAID), CartV1.class,
        cart -> new CartV1(List.of(new ItemV1("plum"), cart.items().get(1)), cart.address()));

    assertThat(asNew(stored).items()).containsExactly(new ItemV2("plum", "green"), new ItemV2("pear", "yellow"));
  }

  @Test
  void newVersionReadsWhatOldOneWrote() {
    CartV1 old = new CartV1(List.of(new ItemV1("apple")), new AddressV1("Bern"));

    assertThat(asNew(codec.encode(old)))
        .isEqualTo(new CartV2(List.of(new ItemV2("apple", null)), new AddressV2("Bern", null), null, 0));
  }

  @Test
  void keepsFieldsThatTypeAsksToIgnore() {
    byte[] stored = changedByOldNode(codec.encode(new IgnoringV2("a", List.of("x"))), IgnoringV1.class,
        old -> new IgnoringV1("b"));

    assertThat(codec.decode(as(IgnoringV2.class, stored)).value()).isEqualTo(new IgnoringV2("b", List.of("x")));
  }

  @Test
  void valueOfAnotherTypeReplacesAllFields() {
    StoredAttribute read = codec.decode(as(CartV1.class, codec.encode(PAID)));

    assertThat(codec.encode(codec.accept("cart", "text", read))).asString().isEqualTo("\"text\"");
    assertThat(codec.encode(codec.accept("cart", read.value(), null))).asString().doesNotContain("paid");
  }

  @Test
  void elementsInCollectionOfAnyTypeKeepTheirFields() {
    AttributeCodec items = new AttributeCodec(List.of(ItemV1.class, ItemV2.class));
    byte[] written = items.encode(List.of(new ItemV2("apple", "green"), new ItemV2("pear", null)));
    StoredAttribute read = items.decode(as(ItemV1.class, written));
    byte[] stored = items.encode(items.accept("items", List.of(new ItemV1("apple"), new ItemV1("pear")), read));

    assertThat(items.decode(as(ItemV2.class, stored)).value())
        .isEqualTo(List.of(new ItemV2("apple", "green"), new ItemV2("pear", null)));
  }
}
