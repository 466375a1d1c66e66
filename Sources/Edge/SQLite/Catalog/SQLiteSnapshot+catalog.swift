import Base
import GRDB
import Workflow

extension SQLiteSnapshot: CatalogSource {
  func catalog(_ query: CatalogQuery) throws(Fault) -> [CatalogVersion] {
    try asked {
      switch query {
      case .newest(let kind, let key):
        return try CatalogTable.newest(kind, key, db).map { [$0] } ?? []
      case .version(let kind, let key, let version):
        return try CatalogTable.version(version, kind, key, db).map { [$0] } ?? []
      case .all: return try CatalogTable.all(db)
      case .list(let kind, let after, let limit):
        return try CatalogTable.list(kind, after: after, limit: limit, db)
      }
    }
  }

  func agreementTimes() throws(Fault) -> AgreementTimes {
    try asked { try CatalogTable.times(db) }
  }
}
