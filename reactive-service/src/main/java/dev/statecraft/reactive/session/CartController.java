package dev.statecraft.reactive.session;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.WebSession;

/** The cart of the logged-in user. It has no checkout. */
@RestController
class CartController {
  private static final int MAX_ITEM_LENGTH = 256;

  private final int maxItems;

  CartController(@Value("${statecraft.cart.maximum-items:1000}") int maxItems) {
    this.maxItems = maxItems;
  }

  record NewItem(@Nullable String item) {}

  record CartView(List<String> items) {}

  record AddedItem(String item, long version) {}

  @GetMapping("/cart")
  CartView show(WebSession session) {
    return new CartView(Login.of(session).cart().items());
  }

  @PostMapping("/cart/items")
  @ResponseStatus(HttpStatus.CREATED)
  AddedItem add(@RequestBody NewItem newItem, WebSession session) {
    Login login = Login.of(session);
    String item = Login.text("item", newItem.item(), MAX_ITEM_LENGTH);
    if (login.cart().items().size() >= maxItems) {
      throw new ResponseStatusException(HttpStatus.CONTENT_TOO_LARGE,
          "The cart has " + maxItems + " items, which is the maximum");
    }
    return new AddedItem(item, login.put(login.cart().with(item)).cart().version());
  }
}
