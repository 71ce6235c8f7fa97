package dev.statecraft.stateful;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The cart of the logged-in user. */
@RestController
@RequestMapping("/cart")
class CartController {
  private static final int LONGEST_ITEM = 256;

  private final int maximumItems;

  CartController(@Value("${statecraft.cart.maximum-items:1000}") int maximumItems) {
    this.maximumItems = maximumItems;
  }

  record Addition(@Nullable String item) {}

  record Items(List<String> items) {}

  record Added(String item, long version) {}

  @GetMapping
  Items show(HttpServletRequest request) {
    return new Items(OpenSession.cart(OpenSession.of(request)).items());
  }

  @PostMapping("/items")
  @ResponseStatus(HttpStatus.CREATED)
  Added add(@RequestBody Addition addition, HttpServletRequest request) {
    HttpSession session = OpenSession.of(request);
    String item = Text.required("item", addition.item(), LONGEST_ITEM);
    Cart cart = OpenSession.cart(session);
    if (cart.items().size() >= maximumItems) {
      throw new Refusal(HttpStatus.CONTENT_TOO_LARGE, "The cart holds " + maximumItems + " items, its maximum");
    }
    Cart more = cart.with(item);
    session.setAttribute(Cart.ATTRIBUTE, more);
    return new Added(item, more.version());
  }
}
