# frozen_string_literal: true

require 'erb'

# Fills a template inside the layout. What it is given, templates see as @name.
class View
  include ERB::Util

  FOLDER = File.expand_path('../templates', __dir__)
  TEMPLATES = Dir.children(FOLDER).to_h do |file|
    [File.basename(file, '.erb').to_sym, ERB.new(File.read(File.join(FOLDER, file), encoding: 'UTF-8'), trim_mode: '-')]
  end.freeze

  def self.page(template, values)
    view = new(values)
    view.fill(:layout) { view.fill(template) }
  end

  def initialize(values)
    values.each { |name, value| instance_variable_set("@#{name}", value) }
  end

  def fill(template)
    TEMPLATES.fetch(template).result(binding)
  end
end
