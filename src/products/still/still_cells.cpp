#include "products/still/still_cells.h"

#include "match/descriptor.h"
#include "mosaic/cell_planner.h"
#include "products/run/importance.h"

namespace smalti {

Cells lay_still(const MosaicOptions& options, const mosaic::Layout& layout, const Picture& target) {
  if (layout.merge_to == 0) return layout.cells;
  const Grid& fields = layout.cells.fields();
  mosaic::CellPlanner planner({fields.columns(), fields.rows()});
  planner.add(match::describe(target, fields));
  return {fields, planner.plan(layout.merge_to, ImportanceFinder(options).of(target, fields))};
}

}  // namespace smalti
