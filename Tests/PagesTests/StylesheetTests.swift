import Base
import Testing

@testable import Pages

@Suite struct StylesheetTests {
  let css = String(decoding: PageRenderer.stylesheet, as: UTF8.self)

  @Test func nothingIsWiderThanAPhone() {
    let widths = css.matches(of: /(?:^|[^-\w])(?:min-)?width: *([\d.]+)(px|rem|em|ch)/)
    for width in widths {
      let pixels = (Double(width.1) ?? .infinity) * (width.2 == "px" ? 1 : 16)
      #expect(pixels <= 375, "\(width.0)")
    }
    // Columns of a grid are shares, so that they can shrink.
    for columns in css.matches(of: /grid-template-columns: ([^;]+);/) {
      #expect(!columns.1.contains("px") && !columns.1.contains("rem"))
    }
  }

  @Test func itLoadsNothing() {
    #expect(!css.contains("url(") && !css.contains("@import") && !css.contains("http"))
  }

  @Test func itsPathNamesItsContent() {
    let digest = Digest(of: PageRenderer.stylesheet)
    #expect(PageRenderer.stylesheetDigest == digest)
    #expect(PageRenderer.stylesheetPath == "/assets/usance.\(digest.hex.prefix(16)).css")
  }

  /// Level AA of WCAG 2: text stands out from the paper by 4.5 to 1, marks by 3 to 1.
  @Test(arguments: [0, 1, 2])
  func coloursContrast(scheme: Int) throws {
    let blocks = css.matches(of: /:root \{([^}]*)\}/).map { String($0.1) }
    #expect(blocks.count == 3)
    var luminance: [String: Double] = [:]
    for colour in blocks[scheme].matches(of: /--(\w+): #([0-9a-f]+);/) {
      luminance[String(colour.1)] = try luminanceOf(String(colour.2))
    }
    let paper = try #require(luminance["paper"])
    for name in ["ink", "soft", "accent", "up", "down"] {
      let text = try #require(luminance[name])
      let contrast = (max(text, paper) + 0.05) / (min(text, paper) + 0.05)
      #expect(contrast >= 4.5, "\(name) contrasts by \(contrast)")
    }
  }

  private func luminanceOf(_ hex: String) throws -> Double {
    let digits = hex.count == 3 ? hex.map { "\($0)\($0)" }.joined() : hex
    let value = try #require(Int(digits, radix: 16))
    let channels = [value >> 16, value >> 8, value].map { channel -> Double in
      let share = Double(channel & 255) / 255
      // Close enough to the piecewise curve of sRGB for a threshold.
      return share <= 0.04045 ? share / 12.92 : power((share + 0.055) / 1.055)
    }
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
  }

  /// `x` to the power of 2.4, as x² times the fifth root of x², by Newton's method.
  private func power(_ x: Double) -> Double {
    var root = 1.0
    for _ in 0..<60 { root = (4 * root + x * x / (root * root * root * root)) / 5 }
    return x * x * root
  }
}
