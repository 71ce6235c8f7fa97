package com.example.shop;

import jakarta.servlet.http.HttpSession;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.MediaType;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.SessionAttribute;
import org.springframework.web.servlet.view.RedirectView;
import org.springframework.web.util.HtmlUtils;

/** A basket in the HTTP session. */
@RestController
class BasketController {
  private static final String BASKET = "basket";

  private final ObjectProvider<FindByIndexNameSessionRepository<? extends Session>> sessions;

  BasketController(ObjectProvider<FindByIndexNameSessionRepository<? extends Session>> sessions) {
    this.sessions = sessions;
  }

  @GetMapping(path = "/", produces = MediaType.TEXT_HTML_VALUE)
  String show(Principal user, @SessionAttribute(name = BASKET, required = false) @Nullable List<String> basket,
      CsrfToken csrf) {
    StringBuilder items = new StringBuilder();
    for (String item : basket == null ? List.<String>of() : basket) {
      items.append("<li>").append(HtmlUtils.htmlEscape(item)).append("</li>");
    }
    return """
        <!doctype html>
        <title>Basket</title>
        <h1>Basket of %s</h1>
        <ul>%s</ul>
        <form method="post" action="/basket">
        <input type="hidden" name="%s" value="%s"><input name="item"><button>Add</button>
        </form>
        <form method="post" action="/logout">
        <input type="hidden" name="%3$s" value="%4$s"><button>Log out</button>
        <button formaction="/logout-everywhere">Log out everywhere</button>
        </form>
        """.formatted(HtmlUtils.htmlEscape(user.getName()), items, csrf.getParameterName(), csrf.getToken());
  }

  @PostMapping("/basket")
  RedirectView add(@RequestParam String item, HttpSession session,
      @SessionAttribute(name = BASKET, required = false) @Nullable List<String> basket) {
    List<String> grown = new ArrayList<>(basket == null ? List.of() : basket);
    grown.add(item);
    session.setAttribute(BASKET, grown);
    return new RedirectView("/");
  }

  /** Ends all sessions of the user if the store finds them by name, and this session in any case. */
  @PostMapping("/logout-everywhere")
  RedirectView logOutEverywhere(Principal user, HttpSession session) {
    sessions.ifAvailable(all -> all.findByPrincipalName(user.getName()).keySet().forEach(all::deleteById));
    session.invalidate();
    return new RedirectView("/login?logout");
  }
}
