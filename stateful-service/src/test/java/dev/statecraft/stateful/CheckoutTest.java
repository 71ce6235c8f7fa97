package dev.statecraft.stateful;

import static org.assertj.core.api.Assertions.assertThat;

import dev.statecraft.session.attribute.AttributeCodec;
import dev.statecraft.stateful.Checkout.Step;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckoutTest {
  /** The encoding of session attributes in Redis, in the Raft log, and in the cookie. */
  private final AttributeCodec codec = new AttributeCodec(List.of(Cart.class));

  @ParameterizedTest
  @CsvSource({
    "open, RESERVE=reserved CANCEL=cancelled", "reserved, PAY=paid CANCEL=cancelled",
    "paid, SHIP=shipped CANCEL=cancelled", "shipped, ''", "cancelled, ''"})
  void stateAllowsTheseStepsOnly(String state, String allowed) {
    Checkout checkout = Checkout.ofLabel(state);
    String actual = Arrays.stream(Step.values()).filter(step -> checkout.after(step).isPresent())
        .map(step -> step + "=" + checkout.after(step).orElseThrow().label()).collect(Collectors.joining(" "));
    assertThat(actual).isEqualTo(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "reserved", "paid", "shipped", "cancelled"})
  void stateTakesLessThan200BytesOfASession(String state) {
    byte[] without = encoded(new Cart(List.of("apple"), 7, new Checkout.Open())).replace(",\"state\":\"open\"", "")
        .getBytes(StandardCharsets.UTF_8);
    byte[] with = codec.encode(new Cart(List.of("apple"), 7, Checkout.ofLabel(state)));
    assertThat(codec.decode(without).value()).as("a cart without a state").isInstanceOf(Cart.class);
    assertThat(with.length - without.length).isBetween(1, 199);
  }

  @ParameterizedTest
  @ValueSource(strings = {"open", "reserved", "paid", "shipped", "cancelled"})
  void storedCartIsReadBack(String state) {
    Cart cart = new Cart(List.of("apple", "pear"), 7, Checkout.ofLabel(state));
    assertThat(codec.decode(codec.encode(cart)).value()).isEqualTo(cart);
  }

  @Test
  void cartStoredWithoutStateIsOpen() {
    String stored = "{\"@class\":\"" + Cart.class.getName() + "\",\"items\":[\"apple\"],\"version\":1}";
    assertThat(codec.decode(stored.getBytes(StandardCharsets.UTF_8)).value())
        .isEqualTo(new Cart(List.of("apple"), 1, new Checkout.Open()));
  }

  @Test
  void takesItemsOnlyWhileOpen() {
    assertThat(Cart.EMPTY.with("apple").orElseThrow().items()).containsExactly("apple");
    assertThat(Cart.EMPTY.after(Step.RESERVE).orElseThrow().with("apple")).isEmpty();
  }

  private String encoded(Cart cart) {
    return new String(codec.encode(cart), StandardCharsets.UTF_8);
  }
}
