package dev.statecraft.stateful;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;

/**
 * State of the checkout of a cart: {@code open → reserved → paid → shipped}, or {@code cancelled} from any state before
 * {@code shipped}. A state has methods only for its allowed steps, so code with a forbidden step does not compile;
 * {@link #after} checks the steps of clients.
 */
sealed interface Checkout extends Serializable {
  /** A step that a client can request. */
  enum Step {
    RESERVE, PAY, SHIP, CANCEL
  }

  /** Items can be added. */
  record Open() implements Checkout {
    Reserved reserve() {
      return new Reserved();
    }

    Cancelled cancel() {
      return new Cancelled();
    }
  }

  /** The items are reserved for the user. */
  record Reserved() implements Checkout {
    Paid pay() {
      return new Paid();
    }

    Cancelled cancel() {
      return new Cancelled();
    }
  }

  /** The items are paid and not yet shipped. */
  record Paid() implements Checkout {
    Shipped ship() {
      return new Shipped();
    }

    Cancelled cancel() {
      return new Cancelled();
    }
  }

  /** Final state: the items are on their way. */
  record Shipped() implements Checkout {}

  /** Final state: the purchase was cancelled. */
  record Cancelled() implements Checkout {}

  /** Returns the state after a step, or empty if this state does not allow it. */
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

  /** Name of the state, in the stored session and in answers. */
  @JsonValue
  default String label() {
    return getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /**
   * Returns the state with a name.
   *
   * @throws IllegalArgumentException if there is none
   */
  @JsonCreator
  static Checkout ofLabel(String label) {
    return switch (label) {
      case "open" -> new Open();
      case "reserved" -> new Reserved();
      case "paid" -> new Paid();
      case "shipped" -> new Shipped();
      case "cancelled" -> new Cancelled();
      default -> throw new IllegalArgumentException("Unknown checkout state: " + label);
    };
  }
}
