package dev.statecraft.stateful;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * How far the purchase of a cart has come: {@code open → reserved → paid → shipped}, or {@code cancelled} from anywhere
 * before it is shipped. A state has methods for the steps that lead on from it and for no others, so that code which
 * takes another way does not compile; {@link #after} does the same for a step that a client names.
 */
sealed interface Checkout {
  /** What a client may ask for. */
  enum Step {
    RESERVE, PAY, SHIP, CANCEL
  }

  /** Items may be added. */
  record Open() implements Checkout {
    Reserved reserve() {
      return new Reserved();
    }

    Cancelled cancel() {
      return new Cancelled();
    }
  }

  /** The items are put aside for the user. */
  record Reserved() implements Checkout {
    Paid pay() {
      return new Paid();
    }

    Cancelled cancel() {
      return new Cancelled();
    }
  }

  /** The items are the user's, and still here. */
  record Paid() implements Checkout {
    Shipped ship() {
      return new Shipped();
    }

    Cancelled cancel() {
      return new Cancelled();
    }
  }

  /** The items are gone; nothing follows. */
  record Shipped() implements Checkout {}

  /** There is no purchase; nothing follows. */
  record Cancelled() implements Checkout {}

  /** The state to which a step leads from this one, or empty where it leads nowhere. */
  default Optional<Checkout> after(Step step) {
    return Optional.ofNullable(switch (this) {
      case Open open -> switch (step) {
        case RESERVE -> open.reserve();
        case CANCEL -> open.cancel();
        case PAY, SHIP -> null;
      };
      case Reserved reserved -> switch (step) {
        case PAY -> reserved.pay();
        case CANCEL -> reserved.cancel();
        case RESERVE, SHIP -> null;
      };
      case Paid paid -> switch (step) {
        case SHIP -> paid.ship();
        case CANCEL -> paid.cancel();
        case RESERVE, PAY -> null;
      };
      case Shipped _,Cancelled _ -> null;
    });
  }

  /** The name under which the state is stored and shown. */
  @JsonValue
  default String label() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /**
   * The state of a name.
   *
   * @throws IllegalArgumentException where none has it
   */
  @JsonCreator
  static Checkout labelled(String label) {
    return switch (label) {
      case "open" -> new Open();
      case "reserved" -> new Reserved();
      case "paid" -> new Paid();
      case "shipped" -> new Shipped();
      case "cancelled" -> new Cancelled();
      default -> throw new IllegalArgumentException("No checkout is " + label);
    };
  }
}
