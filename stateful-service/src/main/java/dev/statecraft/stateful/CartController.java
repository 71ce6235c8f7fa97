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
@RestController @RequestMapping("/cart")
class CartController {
  private static final int LONGEST_ITEM = 256;

  private final int maximumItems;

  CartController(@Value("${statecraft.cart.maximum-items:1000}") int maximumItems) {
    this.maximumItems = maximumItems;
  }

  record Addition(@Nullable String item) {}

  record Shown(List<String> items, String state) {}

  record Added(String item, long version) {}

  record Moved(String state, long version) {}

  @GetMapping
  Shown show(HttpServletRequest request) {
    Cart cart = OpenSession.cart(OpenSession.of(request));
    return new Shown(cart.items(), cart.state().label());
  }

  @PostMapping("/items")
  @ResponseStatus(HttpStatus.CREATED)
  Added add(@RequestBody Addition addition, HttpServletRequest request) {
    HttpSession session = OpenSession.of(request);
    String item = Text.required("item", addition.item(), LONGEST_ITEM);
    Cart cart = OpenSession.cart(session);
    if (cart.items().size() >= maximumItems) {
      throw new RejectedRequest(HttpStatus.CONTENT_TOO_LARGE, "The cart holds " + maximumItems + " items, its maximum");
    }
    Cart more = cart.with(item).orElseThrow(
        () -> new RejectedRequest(HttpStatus.CONFLICT,
            "The cart is " + cart.state().label() + ", and takes no more items"));
    session.setAttribute(Cart.ATTRIBUTE, more);
    return new Added(item, more.version());
  }

  /** One step of the checkout. A step that the cart's state does not allow changes nothing, and is told so by a 409. */
  @PostMapping("/checkout/{step}")
  Moved checkout(@PathVariable String step, HttpServletRequest request) {
    HttpSession session = OpenSession.of(request);
    Checkout.Step taken = named(step);
    Cart cart = OpenSession.cart(session);
    Cart moved = cart.after(taken).orElseThrow(
        () -> new RejectedRequest(HttpStatus.CONFLICT, "The cart is " + cart.state().label() + ": no step " + step));
    session.setAttribute(Cart.ATTRIBUTE, moved);
    return new Moved(moved.state().label(), moved.version());
  }

  private static Checkout.Step named(String step) {
    return switch (step) {
      case "reserve" -> Checkout.Step.RESERVE;
      case "pay" -> Checkout.Step.PAY;
      case "ship" -> Checkout.Step.SHIP;
      case "cancel" -> Checkout.Step.CANCEL;
      default ->
        throw new RejectedRequest(HttpStatus.NOT_FOUND, "The steps of a checkout are reserve, pay, ship and cancel");
    };
  }
}
