#include "products/still/still_cells.h"

#include "match/descriptor.h"
#include "mosaic/cell_planner.h"

namespace smalti {

Cells lay_still(const mosaic::Layout& layout, const Picture& target, ImportanceFinder* importance) {
  if (importance == nullptr) return layout.cells;
  const Grid& fields = layout.cells.fields();
  mosaic::CellPlanner planner({fields.columns(), fields.rows()});
  planner.add(match::describe(target, fields));
  return {fields, planner.plan(layout.merge_to, importance->of(target, fields))};
}

}  // namespace smalti
