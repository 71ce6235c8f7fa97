package dev.statecraft.stateful;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The cart of the logged-in user, and its checkout. */
@RestController
@RequestMapping("/cart")
class CartController {
  private static final int MAX_ITEM_LENGTH = 256;

  private final int maxItems;

  CartController(@Value("${statecraft.cart.maximum-items:1000}") int maxItems) {
    this.maxItems = maxItems;
  }

  record NewItem(@Nullable String item) {}

  record CartView(List<String> items, String state) {}

  record AddedItem(String item, long version) {}

  record CheckoutResult(String state, long version) {}

  @GetMapping
  CartView show(HttpServletRequest request) {
    Cart cart = LoginSession.cart(LoginSession.of(request));
    return new CartView(cart.items(), cart.state().label());
  }

  @PostMapping("/items")
  @ResponseStatus(HttpStatus.CREATED)
  AddedItem add(@RequestBody NewItem newItem, HttpServletRequest request) {
    HttpSession session = LoginSession.of(request);
    String item = TextValidation.required("item", newItem.item(), MAX_ITEM_LENGTH);
    Cart cart = LoginSession.cart(session);
    if (cart.items().size() >= maxItems) {
      throw new RejectedRequestException(HttpStatus.CONTENT_TOO_LARGE,
          "The cart has " + maxItems + " items, which is the maximum");
    }
    Cart changed = cart.with(item).orElseThrow(() -> new RejectedRequestException(HttpStatus.CONFLICT,
        "The cart is " + cart.state().label() + " and takes no more items"));
    session.setAttribute(Cart.ATTRIBUTE, changed);
    return new AddedItem(item, changed.version());
  }

  /** Takes one step of the checkout. A step that the state does not allow changes nothing and is answered with 409. */
  @PostMapping("/checkout/{step}")
  CheckoutResult checkout(@PathVariable String step, HttpServletRequest request) {
    HttpSession session = LoginSession.of(request);
    Checkout.Step parsed = parse(step);
    Cart cart = LoginSession.cart(session);
    Cart changed = cart.after(parsed).orElseThrow(() -> new RejectedRequestException(HttpStatus.CONFLICT,
        "The cart is " + cart.state().label() + ", which does not allow the step " + step));
    session.setAttribute(Cart.ATTRIBUTE, changed);
    return new CheckoutResult(changed.state().label(), changed.version());
  }

  private static Checkout.Step parse(String step) {
    return switch (step) {
      case "reserve" -> Checkout.Step.RESERVE;
      case "pay" -> Checkout.Step.PAY;
      case "ship" -> Checkout.Step.SHIP;
      case "cancel" -> Checkout.Step.CANCEL;
      default -> throw new RejectedRequestException(HttpStatus.NOT_FOUND,
          "The steps of a checkout are reserve, pay, ship and cancel");
    };
  }
}
